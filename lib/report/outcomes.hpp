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
#include "report/origin.hpp"

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
  std::optional<Origin> origin;  // where rows tell it: those of older versions do not
  std::optional<Costs> costs;    // where a side file tells them

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
// Error, naming file and line, when an episode stands twice, when lines of one cell, seed and test
// name two models, training sets, shapes or origins, for any column of scores (not only the one
// taken) that holds what it can't, for a score of an unknown kind, for scores of two kinds, for
// files without rows and for missing columns. Error, naming the cell, when its rows are of two
// pools, configurations or modes of testing.
std::vector<Outcome> gather_outcomes(const std::vector<Rows>& files, const std::string& score = "");

// Notes what the side file of `rows` says with the outcome that these are of. Error when the side
// file names other rows or another model than these.
void add_costs(std::vector<Outcome>& outcomes, const Rows& rows, const Costs& costs);

// Both of files of rows, "-" is stdin; with the side files that exist: "<path>.cost.json", or,
// where attune-evaluate was killed between the two, "<path>.cost.json.<set>".
std::vector<Outcome> read_outcomes(const std::vector<std::string>& paths,
                                   const std::string& score = "");

// Whether a file's header is that of per-episode rows, not of a finished table.
bool is_outcome_rows(const Rows& rows);

}  // namespace attune
