#pragma once
#include "translation/pair_pool.hpp"

namespace attune {

// How alike two languages a < b are on the surface: mean edit similarity of their targets for the
// same source, over at most 100 sources that both have, spread evenly; 0 when they share none.
struct AlikePair {
  std::uint32_t a = 0, b = 0;
  double likeness = 0;
};
// All pairs of languages, by (a, b).
std::vector<AlikePair> all_likenesses(const PairPool& pool);

// The pair of different splits that is most alike: what a test could get from training by looks
// alone. {0,0,0} when there is only one split.
AlikePair most_alike_across_splits(const PairPool& pool, const std::vector<AlikePair>& all);

// Groups of languages that are connected by likenesses of at least `least`, within their splits;
// the number of a group is its first language.
std::vector<std::uint32_t> near_duplicates(const PairPool& pool, const std::vector<AlikePair>& all,
                                           double least);

}  // namespace attune
