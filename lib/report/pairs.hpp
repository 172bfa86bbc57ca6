#pragma once
#include <optional>
#include <string>
#include <vector>

#include "report/layout.hpp"
#include "statistics/interval.hpp"
#include "table/table.hpp"

namespace attune {

// How two rows differ on the same episodes, as the scores are shown.
struct Pairing {
  // One common seed: of each common episode, or of each group of languages (sample_of), a claim
  // about two models. Several: of each common seed, the mean of these, a claim about two methods.
  std::vector<double> differences;
  bool over_seeds = false;
  Interval interval;              // Student t over the differences
  std::size_t flips = 99999;      // random sign patterns of its sign-flip test
  std::string over = "episodes";  // what the differences of one seed are of
};
// a − b of one test; none without a common seed that has two common episodes.
std::optional<Pairing> pair_up(const Seeds& a, const Seeds& b);

// Of a claim about models: the sign-flip test over episodes. About methods: Student's t over the
// seeds, of which there are too few for sign flips (n allow no p below 2^(1−n)).
std::vector<double> p_values(std::span<const Pairing> pairings);

// Every pair of cells on every test, in the layout's order, or those that the experiment's cells
// plan ("against"), where any does: difference with interval, sign-flip and Student p-values, and
// Holm's adjustment over all lines of the table.
Table pair_table(const std::vector<Outcome>& outcomes, const Experiment* experiment);

// Sets in bold, in each column of summarise's table, the cell that its validation ranks first among
// those trained on the column's own pool, and all that are not significantly worse there: Holm over
// the table's comparisons with the best, 5 %. A model that was trained on any of its tests takes no
// part. Says so in a note. Nothing changes where side files
// tell no validation.
void mark_best(Table& table, const std::vector<Outcome>& outcomes);

}  // namespace attune
