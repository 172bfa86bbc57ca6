#include "report/outcomes.hpp"

#include <tuple>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/output.hpp"
#include "base/text.hpp"
#include "report/alike.hpp"
#include "report/measures.hpp"
#include "statistics/macro.hpp"

namespace attune {

namespace {

constexpr std::uint32_t kLanguages = 1 << 20;
constexpr std::size_t kSetDigits = 16;

std::string score_column(const Rows& rows, const std::string& wanted) {
  if (!wanted.empty() || rows.has("accuracy") || !rows.has("episode"))
    return wanted.empty() ? "accuracy" : wanted;
  const std::size_t after = rows.column("episode") + 1;
  return after < rows.columns.size() ? rows.columns[after] : "accuracy";
}

struct Columns {
  Columns(const Rows& rows, const std::string& wanted)
      : cell(rows.column("cell")),
        trained_on(rows.column("trained_on")),
        seed(rows.column("seed")),
        test(rows.column("test")),
        episode_file(rows.column("episode_file")),
        model(rows.column("model")),
        episode(rows.column("episode")),
        score(rows.column(score_column(rows, wanted))),
        kind(find_score_kind(rows.columns[score])) {
    if (!kind)
      throw Error(rows.origin + ": want a score of " + join(score_names(), ", ") + ", have " +
                  rows.columns[score]);
    if (kind->name == "accuracy") {
      for (const char* name : {"ways", "shots", "queries"}) shape.push_back(rows.column(name));
    } else {
      for (std::size_t i = model + 1; i < episode; ++i) shape.push_back(i);
    }
    if (rows.has("language") && rows.has("group")) {
      language = rows.column("language");
      group = rows.column("group");
    }
    scores = score_columns(rows);
    if (tell_origin(rows))
      for (const OriginColumn& column : origin_columns())
        origin.push_back(rows.column(column.name));
  }
  std::size_t cell, trained_on, seed, test, episode_file, model, episode, score;
  std::optional<std::size_t> language, group;
  const ScoreKind* kind;
  std::vector<std::size_t> shape;
  std::vector<std::size_t> scores;  // all of them
  std::vector<std::size_t> origin;  // in the order of origin_columns(); empty where not told
};

using Key = std::tuple<std::string, std::int64_t, std::string>;  // cell, seed, test

class Gatherer {
 public:
  explicit Gatherer(const std::string& score) : score_(score) {}
  void add(const Rows& rows) {
    const Columns columns(rows, score_);
    if (rows.lines.empty())
      throw Error(rows.origin + ": want at least one row, have the header alone");
    for (std::size_t i = 0; i < rows.lines.size(); ++i) {
      add_line(rows, rows.lines[i], columns, rows.origin + ": line " + std::to_string(i + 2));
    }
  }
  std::vector<Outcome>& outcomes() { return outcomes_; }

 private:
  void add_line(const Rows& rows, const std::vector<std::string>& line, const Columns& at,
                const std::string& where) {
    Outcome& outcome = find(rows, line, at, where);
    check_same(outcome.model, line[at.model], where, "model");
    check_same(outcome.trained_on, line[at.trained_on], where, "trained_on");
    check_same(outcome.episode_file, line[at.episode_file], where, "episode_file");
    check_same_shape(outcome, line, at, where);
    check_same_origin(outcome, line, at, where);
    const auto episode =
        static_cast<std::uint64_t>(whole_number(line[at.episode], 0, where + ": episode"));
    double score = 0;
    const std::int64_t answers = answers_of(outcome.shape);
    for (const std::size_t column : at.scores) {
      const std::string& name = rows.columns[column];
      const double value = score_number(name, line[column], answers, where + ": " + name);
      if (column == at.score) score = value;
    }
    if (!outcome.score.emplace(episode, score).second) {
      throw Error(where + ": want every episode once, have episode " + line[at.episode] +
                  " of cell " + outcome.cell + ", seed " + std::to_string(outcome.seed) +
                  ", test " + outcome.test + " again");
    }
    if (at.language) add_language(outcome, episode, line, at, where);
  }

  static void check_same_shape(const Outcome& outcome, const std::vector<std::string>& line,
                               const Columns& at, const std::string& where) {
    check_same(std::to_string(outcome.shape.size()), std::to_string(at.shape.size()), where,
               "columns between model and episode");
    for (std::size_t i = 0; i < at.shape.size(); ++i) {
      const auto& [name, want] = outcome.shape[i];
      if (whole_number(line[at.shape[i]], 0, where + ": " + name) != want)
        check_same(std::to_string(want), line[at.shape[i]], where, name);
    }
  }

  static void check_same_origin(const Outcome& outcome, const std::vector<std::string>& line,
                                const Columns& at, const std::string& where) {
    if (outcome.origin.has_value() == at.origin.empty())
      throw Error(where + ": want rows of one version of attune-evaluate for cell " + outcome.cell +
                  ", seed " + std::to_string(outcome.seed) + ", test " + outcome.test +
                  ", have some with and some without the column split");
    for (std::size_t i = 0; i < at.origin.size(); ++i) {
      const OriginColumn& column = origin_columns()[i];
      check_same((*outcome.origin).*column.member, line[at.origin[i]], where, column.name);
    }
  }

  static void add_language(Outcome& outcome, std::uint64_t episode,
                           const std::vector<std::string>& line, const Columns& at,
                           const std::string& where) {
    const std::int64_t language = whole_number(line[*at.language], 0, where + ": language"),
                       group = whole_number(line[*at.group], 0, where + ": group");
    if (language >= kLanguages || group >= kLanguages)
      throw Error(where + ": want a language and a group of 0 to " +
                  std::to_string(kLanguages - 1) + ", have " + line[*at.language] + " and " +
                  line[*at.group]);
    const auto number = static_cast<std::uint32_t>(language);
    outcome.language[episode] = number;
    if (outcome.group_of.size() <= number) outcome.group_of.resize(number + 1, kLanguages);
    std::uint32_t& known = outcome.group_of[number];
    if (known != kLanguages && known != group)
      throw Error(where + ": group: want " + std::to_string(known) + " as before for language " +
                  line[*at.language] + ", have " + line[*at.group]);
    known = static_cast<std::uint32_t>(group);
  }

  Outcome& find(const Rows& rows, const std::vector<std::string>& line, const Columns& at,
                const std::string& where) {
    // Lines of one outcome stand together: the last one is nearly always it.
    if (!outcomes_.empty()) {
      Outcome& last = outcomes_.back();
      if (last.cell == line[at.cell] && last.test == line[at.test] && last_seed_ == line[at.seed]) {
        return last;
      }
    }
    const std::int64_t seed = whole_number(line[at.seed], 0, where + ": seed");
    const auto [place, fresh] =
        places_.try_emplace({line[at.cell], seed, line[at.test]}, outcomes_.size());
    if (!fresh) return outcomes_[place->second];
    Outcome outcome;
    outcome.cell = line[at.cell];
    outcome.seed = seed;
    outcome.test = line[at.test];
    outcome.trained_on = line[at.trained_on];
    outcome.model = line[at.model];
    outcome.episode_file = line[at.episode_file];
    for (const std::size_t column : at.shape) {
      const std::string& name = rows.columns[column];
      const std::int64_t least = name == "ways" || name == "queries" ? 1 : 0;
      outcome.shape.emplace_back(name, whole_number(line[column], least, where + ": " + name));
    }
    if (!at.origin.empty()) {
      outcome.origin.emplace();
      for (std::size_t i = 0; i < at.origin.size(); ++i)
        (*outcome.origin).*origin_columns()[i].member = line[at.origin[i]];
      check_origin(*outcome.origin, where);
    }
    if (!outcomes_.empty() && outcomes_.front().kind != at.kind)
      throw Error(where + ": want scores of one kind, have " + outcomes_.front().kind->name +
                  " and " + at.kind->name);
    outcome.kind = at.kind;
    last_seed_ = line[at.seed];
    outcomes_.push_back(std::move(outcome));
    return outcomes_.back();
  }

  static void check_same(const std::string& want, const std::string& have, const std::string& where,
                         const std::string& what) {
    if (want != have) {
      throw Error(where + ": " + what + ": want " + want +
                  " as before for this cell, seed and test, have " + have);
    }
  }

  std::string score_;
  std::vector<Outcome> outcomes_;
  std::map<Key, std::size_t> places_;
  std::string last_seed_;
};

}  // namespace

bool is_outcome_rows(const Rows& rows) { return rows.has("episode_file") && rows.has("episode"); }

std::int64_t Outcome::extent(const std::string& name) const {
  for (const auto& [key, value] : shape)
    if (key == name) return value;
  return 0;
}

std::string Outcome::shape_text() const {
  if (kind->name == "accuracy")
    return std::to_string(extent("ways")) + "-way " + std::to_string(extent("shots")) + "-shot, " +
           std::to_string(extent("queries")) + " queries per class";
  std::string text;
  for (const auto& [name, value] : shape)
    text += (text.empty() ? "" : ", ") + std::to_string(value) + " " + name;
  return text;
}

namespace {

// Whether there are several groups of languages, and not the episodes of one.
bool of_languages(const Outcome& outcome) {
  std::optional<std::uint32_t> first;
  for (const auto& [episode, language] : outcome.language) {
    const std::uint32_t group = outcome.group_of[language];
    if (first && *first != group) return true;
    first = group;
  }
  return false;
}

}  // namespace

std::vector<double> sample_of(const Outcome& outcome,
                              const std::map<std::uint64_t, double>& values) {
  std::vector<double> sample;
  std::vector<std::uint32_t> language;
  const bool languages = of_languages(outcome);
  for (const auto& [episode, value] : values) {
    sample.push_back(value);
    if (languages) language.push_back(outcome.language.at(episode));
  }
  return language.empty() ? sample : group_means(sample, language, outcome.group_of);
}

std::string sample_name(const Outcome& outcome) {
  return of_languages(outcome) ? "groups of languages" : "episodes";
}

bool are_classifications(const std::vector<Outcome>& outcomes) {
  return outcomes.empty() || outcomes.front().kind->name == "accuracy";
}

const ScoreKind& common_kind(const std::vector<Outcome>& outcomes) {
  return outcomes.empty() ? *find_score_kind("accuracy") : *outcomes.front().kind;
}

namespace {

// The lines of a file's first part take the costs of its side file.
std::string first_set(const Rows& rows) {
  return rows.seals.empty() ? "" : rows.seals.front().substr(0, kSetDigits);
}

void check_set(const Rows& rows, const Costs& costs) {
  const std::string side = rows.origin + ".cost.json", own = first_set(rows);
  const std::string again = ": evaluate again, or take the side file away";
  if (!costs.set.empty() && costs.set != own)
    throw Error(side + ": want the side file of these rows (set " + (own.empty() ? "none" : own) +
                "), have that of others (set " + costs.set + ")" + again);
  const std::string& model = rows.lines.front()[rows.column("model")];
  if (!costs.model_set.empty() && costs.model_set != model)
    throw Error(side + ": model: want that of these rows (" + model + "), have " + costs.model_set +
                again);
}

std::string side_path(const std::string& path, const Rows& rows) {
  constexpr const char* kEnding = ".cost.json";
  const std::string set = first_set(rows);
  return set.empty() ? path + kEnding : member_path(path, kEnding, set);
}

}  // namespace

std::vector<Outcome> gather_outcomes(const std::vector<Rows>& files, const std::string& score) {
  Gatherer gatherer(score);
  for (const auto& rows : files) gatherer.add(rows);
  check_cells(gatherer.outcomes());
  return std::move(gatherer.outcomes());
}

void add_costs(std::vector<Outcome>& outcomes, const Rows& rows, const Costs& costs) {
  if (rows.lines.empty()) return;
  check_set(rows, costs);
  const auto& line = rows.lines.front();
  const std::size_t cell = rows.column("cell"), test = rows.column("test");
  const std::int64_t seed =
      whole_number(line[rows.column("seed")], 0, rows.origin + ": line 2: seed");
  for (auto& outcome : outcomes) {
    if (outcome.cell == line[cell] && outcome.test == line[test] && outcome.seed == seed) {
      outcome.costs = costs;
    }
  }
}

std::vector<Outcome> read_outcomes(const std::vector<std::string>& paths,
                                   const std::string& score) {
  Gatherer gatherer(score);
  for (const auto& path : paths) {
    const Rows rows = read_rows(path);
    gatherer.add(rows);
    const std::string side = side_path(path, rows);
    if (path != "-" && exists(side)) add_costs(gatherer.outcomes(), rows, read_costs(side));
  }
  check_cells(gatherer.outcomes());
  return std::move(gatherer.outcomes());
}

}  // namespace attune
