#pragma once
#include <vector>

#include "report/layout.hpp"
#include "table/table.hpp"

namespace attune {

// Tables beside the main one; lines and columns as in summarise.

// What each cell costs, from the side files: one line per cell, means over the seeds, largest
// memory; multiply-adds of a training step and of one episode of each test in 10⁹.
Table cost_table(const std::vector<Outcome>& outcomes, const Experiment* experiment);

// How far the models' probabilities can be believed: expected calibration error and mean confidence
// less accuracy, percent, one line per cell that has a side file which tells them.
Table calibration_table(const std::vector<Outcome>& outcomes, const Experiment* experiment);
// All answers of one cell and test; none unless every seed's side file tells them.
std::optional<Calibration> calibration_of(const Seeds& seeds);

// Ours, published, ours − published for each cell that names its counterpart, with source and
// protocol in notes. The difference's interval is that of independent means, where both are known;
// a published mean without one, but over a known number of episodes, gets that of so many episodes
// with the spread of ours. Means over known numbers are also held against each other, in a note.
Table published_table(const std::vector<Outcome>& outcomes, const Experiment& experiment);

// Seed noise apart from episode noise, one line per cell and test: the interval over episodes of
// the mean over seeds, and the standard deviations of noise_parts, over the episodes that all seeds
// have.
Table noise_table(const std::vector<Outcome>& outcomes, const Experiment* experiment);

}  // namespace attune
