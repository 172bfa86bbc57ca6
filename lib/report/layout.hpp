#pragma once
#include <string>
#include <utility>
#include <vector>

#include "experiment/experiment.hpp"
#include "report/outcomes.hpp"

namespace attune {

// Cells and tests of a table in their order: the experiment's, or that in which rows first name
// them. Of an experiment also those without rows.
struct Layout {
  std::vector<std::string> cells, tests;
};
// Error when there are no rows, when one test mixes episode files, or when rows name cells or tests
// that the experiment (may be null) lacks, or were made in another way than it plans.
Layout layout_of(const std::vector<Outcome>& outcomes, const Experiment* experiment);

// One cell on one test: an outcome per seed, in ascending order; empty without rows.
using Seeds = std::vector<const Outcome*>;
Seeds seeds_of(const std::vector<Outcome>& outcomes, const std::string& cell,
               const std::string& test);

// "<what>: <title>" of a table beside the experiment's main one.
std::string title_of(const std::string& what, const Experiment* experiment);

}  // namespace attune
