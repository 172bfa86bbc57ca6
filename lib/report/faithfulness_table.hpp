#pragma once
#include <vector>

#include "base/rows.hpp"
#include "experiment/experiment.hpp"
#include "table/table.hpp"

namespace attune {

// A table of the rows of attune-probe, which must all be of one test and one episode file, else
// Error: one line per cell, in the experiment's order, or (null) that of the rows. Every number has
// its 95 % Student-t interval: over the episodes for one seed, over the seeds' means for several.
// Differences are paired: taken in each episode first. Where the experiment names a control,
// usually the cell of uniform attention, one more column pairs each cell's gain with the control's
// on the same episodes and seeds.
Table faithfulness_table(const std::vector<Rows>& files, const Experiment* experiment);

}  // namespace attune
