#include "report/alike.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.hpp"

namespace attune {

namespace {

std::string place_of(const Outcome& outcome) {
  return "cell " + outcome.cell + ", seed " + std::to_string(outcome.seed) + ", test " +
         outcome.test;
}

// Two outcomes of one cell.
void check_alike(const Outcome& first, const Outcome& other, const std::string& what,
                 std::string Origin::*member) {
  const std::string &want = (*first.origin).*member, &have = (*other.origin).*member;
  if (want == have) return;
  throw Error("cell " + first.cell + ": want one " + what + " for all its rows, have " + want +
              " (seed " + std::to_string(first.seed) + ", test " + first.test + ") and " + have +
              " (seed " + std::to_string(other.seed) + ", test " + other.test +
              "): name them apart with attune-evaluate --cell");
}

// Two outcomes of one column.
void check_column(const Outcome& first, const Outcome& other, const std::string& what,
                  const std::string& want, const std::string& have) {
  if (want == have) return;
  throw Error("test " + first.test + ": " + what + ": want one for episode file " +
              first.episode_file + ", have " + want + " (cell " + first.cell + ") and " + have +
              " (cell " + other.cell + ")");
}

}  // namespace

void check_cells(const std::vector<Outcome>& outcomes) {
  using Place = std::pair<std::string, std::string>;  // cell; test of what is not trained
  std::map<std::string, const Outcome*> cells;
  std::map<Place, const Outcome*> configured;
  for (const Outcome& outcome : outcomes) {
    if (!outcome.origin) continue;
    const Outcome& first = *cells.try_emplace(outcome.cell, &outcome).first->second;
    check_alike(first, outcome, "mode of testing", &Origin::mode);
    check_alike(first, outcome, "pool trained on", &Origin::trained_pool);
    // What is not trained may be told each test's setting, such as its number of arms.
    const bool trained = outcome.origin->trained_pool != "-";
    const Place place{outcome.cell, trained ? "" : outcome.test};
    check_alike(*configured.try_emplace(place, &outcome).first->second, outcome, "configuration",
                &Origin::config);
  }
}

void check_same_episodes(const std::vector<Outcome>& outcomes) {
  std::map<std::string, const Outcome*> first, first_told;  // by test
  for (const auto& outcome : outcomes) {
    const Outcome& other = *first.try_emplace(outcome.test, &outcome).first->second;
    if (other.episode_file != outcome.episode_file)
      throw Error("test " + outcome.test + ": want rows of one episode file, have " +
                  other.episode_file + " (cell " + other.cell + ") and " + outcome.episode_file +
                  " (cell " + outcome.cell + "): they can't stand in one column");
    check_column(other, outcome, "shape", other.shape_text(), outcome.shape_text());
    if (!outcome.origin) continue;
    const Outcome& told = *first_told.try_emplace(outcome.test, &outcome).first->second;
    check_column(told, outcome, "split", told.origin->split, outcome.origin->split);
    check_column(told, outcome, "tested_on", told.origin->tested_on, outcome.origin->tested_on);
    check_column(told, outcome, "tested_pool", told.origin->tested_pool,
                 outcome.origin->tested_pool);
  }
}

void check_planned(const std::vector<Outcome>& outcomes, const Experiment& experiment, bool modes) {
  for (const Outcome& outcome : outcomes) {
    if (!outcome.origin) continue;
    const Origin& origin = *outcome.origin;
    const auto test = std::ranges::find(experiment.tests, outcome.test, &EpisodeRecipe::name);
    // What is simulated has none.
    const bool has_splits = outcome.kind->name != "reward" && origin.split != "-";
    if (test != experiment.tests.end() && has_splits && !same_splits(test->split, origin.split))
      throw Error(place_of(outcome) + ": split: want episodes of " + test->split +
                  " as in experiment " + experiment.name + ", have rows of " + origin.split);
    const auto cell = std::ranges::find(experiment.cells, outcome.cell, &CellRecipe::name);
    if (!modes || cell == experiment.cells.end()) continue;
    const std::string mode = cell->transductive ? "transductive" : "inductive";
    if (mode != origin.mode)
      throw Error(place_of(outcome) + ": mode: want " + mode + " as in experiment " +
                  experiment.name + ", have rows that are " + origin.mode);
  }
}

}  // namespace attune
