#include "report/outcomes.hpp"

#include <tuple>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

struct Columns {
  explicit Columns(const Rows& rows)
      : cell(rows.column("cell")),
        trained_on(rows.column("trained_on")),
        seed(rows.column("seed")),
        test(rows.column("test")),
        episode_file(rows.column("episode_file")),
        model(rows.column("model")),
        ways(rows.column("ways")),
        shots(rows.column("shots")),
        queries(rows.column("queries")),
        episode(rows.column("episode")),
        accuracy(rows.column("accuracy")) {}
  std::size_t cell, trained_on, seed, test, episode_file, model, ways, shots, queries, episode,
      accuracy;
};

std::int64_t whole(const std::string& text, const std::string& what) {
  try {
    return parse_integer(text, what);
  } catch (const UsageError& error) {
    throw Error(error.what());  // a damaged file, not a wrong option
  }
}

double fraction(const std::string& text, const std::string& what) {
  double value = -1;
  try {
    value = parse_real(text, what);
  } catch (const UsageError& error) {
    throw Error(error.what());
  }
  if (!(value >= 0 && value <= 1)) throw Error(what + ": want 0 to 1, have " + text);
  return value;
}

using Key = std::tuple<std::string, std::int64_t, std::string>;  // cell, seed, test

class Gatherer {
 public:
  void add(const Rows& rows) {
    const Columns columns(rows);
    for (std::size_t i = 0; i < rows.lines.size(); ++i) {
      add_line(rows.lines[i], columns, rows.origin + ": line " + std::to_string(i + 2));
    }
  }
  std::vector<Outcome> take() { return std::move(outcomes_); }

 private:
  void add_line(const std::vector<std::string>& line, const Columns& at, const std::string& where) {
    Outcome& outcome = find(line, at, where);
    check_same(outcome.model, line[at.model], where, "model");
    check_same(outcome.trained_on, line[at.trained_on], where, "trained_on");
    check_same(outcome.episode_file, line[at.episode_file], where, "episode_file");
    const auto episode = static_cast<std::uint64_t>(whole(line[at.episode], where + ": episode"));
    const double accuracy = fraction(line[at.accuracy], where + ": accuracy");
    if (!outcome.accuracy.emplace(episode, accuracy).second) {
      throw Error(where + ": want every episode once, have episode " + line[at.episode] +
                  " of cell " + outcome.cell + ", seed " + std::to_string(outcome.seed) +
                  ", test " + outcome.test + " again");
    }
  }

  Outcome& find(const std::vector<std::string>& line, const Columns& at, const std::string& where) {
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
    outcome.ways = whole(line[at.ways], where + ": ways");
    outcome.shots = whole(line[at.shots], where + ": shots");
    outcome.queries = whole(line[at.queries], where + ": queries");
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

  std::vector<Outcome> outcomes_;
  std::map<Key, std::size_t> places_;
  std::string last_seed_;
};

}  // namespace

bool is_outcome_rows(const Rows& rows) { return rows.has("episode_file") && rows.has("accuracy"); }

std::vector<Outcome> gather_outcomes(const std::vector<Rows>& files) {
  Gatherer gatherer;
  for (const auto& rows : files) gatherer.add(rows);
  return gatherer.take();
}

void add_costs(std::vector<Outcome>& outcomes, const Rows& rows, const Costs& costs) {
  if (rows.lines.empty()) return;
  const auto& line = rows.lines.front();
  const Columns at(rows);
  const std::int64_t seed = whole(line[at.seed], rows.origin + ": line 2: seed");
  for (auto& outcome : outcomes) {
    if (outcome.cell == line[at.cell] && outcome.test == line[at.test] && outcome.seed == seed) {
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

std::vector<Outcome> read_outcomes(const std::vector<std::string>& paths) {
  std::vector<Rows> files;
  for (const auto& path : paths) files.push_back(read_rows(path));
  auto outcomes = gather_outcomes(files);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string side = paths[i] + ".cost.json";
    if (paths[i] != "-" && exists(side)) add_costs(outcomes, files[i], read_costs(side));
  }
  return outcomes;
}

}  // namespace attune
