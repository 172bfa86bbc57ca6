#pragma once
#include "draw/chart.hpp"
#include "report/layout.hpp"

namespace attune {

// Pictures of the rows of an experiment (may be null), by name, one of plot_kinds(). UsageError for
// another name.
Drawing draw_plot(const std::string& kind, const std::vector<Outcome>& outcomes,
                  const Experiment* experiment);

// As title_of, but without an experiment what is drawn.
std::string plot_title(const std::string& what, const Experiment* experiment);

// Accuracy against what an episode costs beside encoding (multiply-adds), one panel for each number
// of ways: a curve per cell, which joins its tests from few shots to many; bars are 95 % intervals
// as in the table. Cells without that cost, such as pixels' nearest neighbour of older rows, are
// left out. Error when no cell has it.
Drawing cost_plot(const std::vector<Outcome>& outcomes, const Experiment* experiment);

// Accuracy against confidence, a panel per test and a curve per cell, bins of fewer than 100
// answers left out; the straight line is where both agree. Error when no side file tells the
// calibration.
Drawing calibration_plot(const std::vector<Outcome>& outcomes, const Experiment* experiment);

// Validation score against the seconds of training steps, a curve per cell, means over its seeds,
// and a panel for each set of validation episodes. Error when no side file tells them.
Drawing validation_plot(const std::vector<Outcome>& outcomes, const Experiment* experiment);

}  // namespace attune
