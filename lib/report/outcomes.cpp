#include "report/outcomes.hpp"

#include <tuple>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "metric/macro.hpp"

namespace attune {

namespace {

constexpr std::uint32_t kLanguages = 1 << 20;

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
  }
  std::size_t cell, trained_on, seed, test, episode_file, model, episode, score;
  std::optional<std::size_t> language, group;
  const ScoreKind* kind;
  std::vector<std::size_t> shape;
};

std::int64_t whole(const std::string& text, const std::string& what) {
  try {
    return parse_integer(text, what);
  } catch (const UsageError& error) {
    throw Error(error.what());  // a damaged file, not a wrong option
  }
}

double in_range(const std::string& text, const ScoreKind& kind, const std::string& what) {
  double value = 0;
  try {
    value = parse_real(text, what);
  } catch (const UsageError& error) {
    throw Error(error.what());
  }
  if (value >= kind.least && value <= kind.most) return value;
  const std::string range =
      kind.most > 1e300 ? "a finite number" : to_text(kind.least) + " to " + to_text(kind.most);
  throw Error(what + ": want " + range + ", have " + text);
}

using Key = std::tuple<std::string, std::int64_t, std::string>;  // cell, seed, test

class Gatherer {
 public:
  explicit Gatherer(const std::string& score) : score_(score) {}
  void add(const Rows& rows) {
    const Columns columns(rows, score_);
    for (std::size_t i = 0; i < rows.lines.size(); ++i) {
      add_line(rows, rows.lines[i], columns, rows.origin + ": line " + std::to_string(i + 2));
    }
  }
  std::vector<Outcome> take() { return std::move(outcomes_); }

 private:
  void add_line(const Rows& rows, const std::vector<std::string>& line, const Columns& at,
                const std::string& where) {
    Outcome& outcome = find(rows, line, at, where);
    check_same(outcome.model, line[at.model], where, "model");
    check_same(outcome.trained_on, line[at.trained_on], where, "trained_on");
    check_same(outcome.episode_file, line[at.episode_file], where, "episode_file");
    const auto episode = static_cast<std::uint64_t>(whole(line[at.episode], where + ": episode"));
    const double score = in_range(line[at.score], *at.kind, where + ": " + at.kind->name);
    if (!outcome.score.emplace(episode, score).second) {
      throw Error(where + ": want every episode once, have episode " + line[at.episode] +
                  " of cell " + outcome.cell + ", seed " + std::to_string(outcome.seed) +
                  ", test " + outcome.test + " again");
    }
    if (at.language) add_language(outcome, episode, line, at, where);
  }

  static void add_language(Outcome& outcome, std::uint64_t episode,
                           const std::vector<std::string>& line, const Columns& at,
                           const std::string& where) {
    const std::int64_t language = whole(line[*at.language], where + ": language"),
                       group = whole(line[*at.group], where + ": group");
    if (language < 0 || language >= kLanguages || group < 0 || group >= kLanguages)
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
    const std::int64_t seed = whole(line[at.seed], where + ": seed");
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
      outcome.shape.emplace_back(name, whole(line[column], where + ": " + name));
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

std::vector<Outcome> gather_outcomes(const std::vector<Rows>& files, const std::string& score) {
  Gatherer gatherer(score);
  for (const auto& rows : files) gatherer.add(rows);
  return gatherer.take();
}

void add_costs(std::vector<Outcome>& outcomes, const Rows& rows, const Costs& costs) {
  if (rows.lines.empty()) return;
  const auto& line = rows.lines.front();
  const std::size_t cell = rows.column("cell"), test = rows.column("test");
  const std::int64_t seed = whole(line[rows.column("seed")], rows.origin + ": line 2: seed");
  for (auto& outcome : outcomes) {
    if (outcome.cell == line[cell] && outcome.test == line[test] && outcome.seed == seed) {
      outcome.costs = costs;
    }
  }
}

void check_same_episodes(const std::vector<Outcome>& outcomes) {
  std::map<std::string, const Outcome*> first;
  for (const auto& outcome : outcomes) {
    const Outcome& other = *first.try_emplace(outcome.test, &outcome).first->second;
    if (other.episode_file == outcome.episode_file) continue;
    throw Error("test " + outcome.test + ": want rows of one episode file, have " +
                other.episode_file + " (cell " + other.cell + ") and " + outcome.episode_file +
                " (cell " + outcome.cell + "): they can't stand in one column");
  }
}

std::vector<Outcome> read_outcomes(const std::vector<std::string>& paths,
                                   const std::string& score) {
  std::vector<Rows> files;
  for (const auto& path : paths) files.push_back(read_rows(path));
  auto outcomes = gather_outcomes(files, score);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string side = paths[i] + ".cost.json";
    if (paths[i] != "-" && exists(side)) add_costs(outcomes, files[i], read_costs(side));
  }
  return outcomes;
}

}  // namespace attune
