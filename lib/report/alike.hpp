#pragma once
#include <vector>

#include "experiment/experiment.hpp"
#include "report/outcomes.hpp"

namespace attune {

// What may stand in one line, one column, one table. Rows that do not tell their origin are taken
// for alike.

// One cell is one way of making models, trained on one pool and tested in one mode, whatever the
// seed: Error names the cell and both.
void check_cells(const std::vector<Outcome>& outcomes);

// Numbers of different episodes must not stand in one column: Error names both episode files and
// both cells. Also when rows of one episode file say different things of it.
void check_same_episodes(const std::vector<Outcome>& outcomes);

// Whether rows are of the splits that the experiment's tests are drawn from, and, where `modes`,
// tested in the modes of its cells: Error names both. Tests and cells that it lacks are passed
// over.
void check_planned(const std::vector<Outcome>& outcomes, const Experiment& experiment,
                   bool modes = true);

}  // namespace attune
