#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/rows.hpp"
#include "metric/score.hpp"
#include "report/costs.hpp"

namespace attune {

// What one model scored on one test, read from attune-evaluate's rows.
struct Outcome {
  std::string cell, trained_on, test, episode_file, model;
  std::int64_t seed = 0;
  // What an episode is made of, by the names of the columns between "model" and "episode": ways,
  // shots, queries; arms, pulls.
  std::vector<std::pair<std::string, std::int64_t>> shape;
  const ScoreKind* kind = nullptr;        // of the scores
  std::map<std::uint64_t, double> score;  // of each episode, in the kind's range
  // Where rows tell them: the language of each episode, and the group of nearly equal languages
  // that each language is of.
  std::map<std::uint64_t, std::uint32_t> language;
  std::vector<std::uint32_t> group_of;
  std::optional<Costs> costs;  // where a side file tells them

  std::int64_t extent(const std::string& name) const;  // of the shape; 0 where it has none
  std::string shape_text() const;  // "5-way 1-shot, 15 queries per class"; "5 arms, 10 pulls"
  double shown(double value) const { return kind->factor * value; }
};

// What intervals and tests are over, of one value for some episodes: the values themselves, or,
// where the rows tell several groups of languages, the means of these, which are then the sample.
std::vector<double> sample_of(const Outcome& outcome,
                              const std::map<std::uint64_t, double>& values);
// "episodes", or "groups of languages".
std::string sample_name(const Outcome& outcome);

// Whether the outcomes are of few-shot classification, as all rows once were.
bool are_classifications(const std::vector<Outcome>& outcomes);
// The kind of score that all have in common.
const ScoreKind& common_kind(const std::vector<Outcome>& outcomes);

// Rows of several files → outcomes, in the order in which they first appear. `score` names the
// column that is taken; "" takes "accuracy" where there is one, else the first after "episode".
// Error, naming file and line, when an episode stands twice, when two models or two training sets
// hide under one cell and seed, for a score outside its range or of an unknown kind, for scores of
// two kinds, and for missing columns.
std::vector<Outcome> gather_outcomes(const std::vector<Rows>& files, const std::string& score = "");

// Notes what the side file of `rows` says with the outcome that these are of.
void add_costs(std::vector<Outcome>& outcomes, const Rows& rows, const Costs& costs);

// Both of files of rows, "-" is stdin; with the side files "<path>.cost.json" that exist.
std::vector<Outcome> read_outcomes(const std::vector<std::string>& paths,
                                   const std::string& score = "");

// Whether a file's header is that of per-episode rows, not of a finished table.
bool is_outcome_rows(const Rows& rows);

// Numbers of different episodes must not stand in one column: Error names both episode files and
// both cells.
void check_same_episodes(const std::vector<Outcome>& outcomes);

}  // namespace attune
