#include "report/layout.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/alike.hpp"

namespace attune {

namespace {

using Names = std::vector<std::string>;

// Names in the experiment's order, or of the rows'; those that the experiment lacks are an Error.
Names ordered(const Names& known, const std::vector<Outcome>& outcomes,
              std::string Outcome::*member, const Experiment* experiment, const char* what) {
  Names names = known;
  for (const auto& outcome : outcomes) {
    const std::string& name = outcome.*member;
    if (std::ranges::find(names, name) != names.end()) continue;
    if (experiment) {
      throw Error("rows: " + std::string(what) + ": want one of " + join(known, ", ") +
                  " as in experiment " + experiment->name + ", have " + name);
    }
    names.push_back(name);
  }
  return names;
}

}  // namespace

Layout layout_of(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  if (outcomes.empty()) throw Error("rows: want at least one row, have none");
  check_same_episodes(outcomes);
  if (experiment) check_planned(outcomes, *experiment);
  Names cells, tests;
  if (experiment) {
    for (const auto& cell : experiment->cells) cells.push_back(cell.name);
    for (const auto& test : experiment->tests) tests.push_back(test.name);
  }
  return {ordered(cells, outcomes, &Outcome::cell, experiment, "cell"),
          ordered(tests, outcomes, &Outcome::test, experiment, "test")};
}

Seeds seeds_of(const std::vector<Outcome>& outcomes, const std::string& cell,
               const std::string& test) {
  Seeds found;
  for (const auto& outcome : outcomes) {
    if (outcome.cell == cell && outcome.test == test) found.push_back(&outcome);
  }
  std::ranges::sort(found, {}, &Outcome::seed);
  return found;
}

std::string title_of(const std::string& what, const Experiment* experiment) {
  return experiment ? what + ": " + experiment->title : "";
}

}  // namespace attune
