#pragma once
#include <string>

#include "translation/pair_pool.hpp"

namespace attune {

// Five languages of `sources` sentences "s0" …: a, b (one group) and c to train, d to validate, e
// to test; the target of sentence 3 of b is "b3". Every fifth sentence is held out.
inline PairPool tiny_pairs(std::uint32_t sources = 10) {
  PairPool pool;
  for (std::uint32_t i = 0; i < sources; ++i) {
    pool.source.push_back("s" + std::to_string(i));
    pool.held_out.push_back(i % 5 == 0 ? 1 : 0);
  }
  pool.language_name = {"a", "b", "c", "d", "e"};
  pool.language_split = {0, 0, 0, 1, 2};
  pool.language_group = {0, 0, 2, 3, 4};
  for (std::uint32_t l = 0; l < 5; ++l)
    for (std::uint32_t i = 0; i < sources; ++i) {
      pool.language.push_back(l);
      pool.source_of.push_back(i);
      pool.target.push_back(pool.language_name[l] + std::to_string(i));
    }
  pool.title = "tiny";
  pool.provenance = "{}";
  return pool;
}

}  // namespace attune
