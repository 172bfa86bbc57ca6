#pragma once
#include <vector>

#include "report/outcomes.hpp"
#include "table/table.hpp"

namespace attune {

// What changed, cell by cell and test by test: old, new, new − old. Where both sides are rows of
// the same episodes the difference is paired — over episodes for one common seed, over the seeds'
// mean differences for several — with its 95 % interval; otherwise it is plain, has none, and the
// column "difference by" says why. Cells that only one side has are listed with what is known.
Table compare(const std::vector<Outcome>& now, const std::vector<Outcome>& before);

// The same against a finished table (columns "model" and one per test); differences are plain.
Table compare(const std::vector<Outcome>& now, const Table& before);

}  // namespace attune
