#pragma once
#include <string>
#include <vector>

#include "episode/pool.hpp"
#include "translation/pair_pool.hpp"

namespace attune {

// What is to be known of examples that are equal, each a line that counts them and names some;
// none when there is nothing to say. Equal are images of the same bytes, features of the same
// numbers, texts of the same tokens and marks: what a learner can't tell apart.
//   - examples of a split that stand in an earlier one too (train before val before test), by the
//     earliest: scores on them are partly scores on what was seen;
//   - examples that stand under two classes of one split, unless the classes were made from one
//     another: no learner can be right about both;
//   - classes of several examples that are all equal: a query is then its own support.
// One sort of a digest of 16 bytes an example.
std::vector<std::string> twin_warnings(const Pool& pool);

// Of pairs: languages that share a tenth of their pairs or more, byte for byte, with languages of
// earlier splits. A few are shared by right: "OK" is "OK" in many languages.
std::vector<std::string> twin_warnings(const PairPool& pool);

}  // namespace attune
