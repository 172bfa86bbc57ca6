#pragma once
#include <string>
#include <vector>

#include "report/outcomes.hpp"
#include "table/table.hpp"

namespace attune {

struct Experiment;

// Whether the cells rank as those of the same names do in another experiment's finished table: a
// line per cell and common test with both scores and both ranks (1 = best; equal scores share their
// mean rank), and per test a line of Kendall's τ-b over the common cells with its permutation p.
// Published lines and cells of one side alone are left out. Error where no test has three cells in
// common.
Table rank_table(const std::vector<Outcome>& outcomes, const Experiment* experiment,
                 const Table& other, const std::string& other_name);

}  // namespace attune
