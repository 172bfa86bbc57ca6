#pragma once
#include <string_view>
#include <vector>

#include "report/layout.hpp"
#include "table/table.hpp"

namespace attune {

// In the column "trained on" of lines from the literature.
inline constexpr std::string_view kPublished = "published";

// Percent. One seed: mean over its sample (sample_of) with its Student-t interval. Several seeds:
// mean of the seeds' means, interval over the seeds. All outcomes are of one cell and test.
Estimate cell_estimate(const Seeds& seeds);

// One line per cell, one column per test, the best in bold (mark_best). With an experiment, lines
// and columns stand in its order and its published numbers follow; without (null), in the order of
// the rows. Error when a column would mix episode files, or when rows name cells or tests that the
// experiment lacks.
Table summarise(const std::vector<Outcome>& outcomes, const Experiment* experiment);

}  // namespace attune
