#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "array/array.hpp"
#include "translator/symbols.hpp"

namespace attune {

// How strongly source words and runs of target symbols belong together in a support, by the pairs
// that have them: 2·both/(word + run + 1), Dice's coefficient with one more in the denominator, so
// that a single pair tells less than many (Smadja et al. 1996 find translations by it). 0: nothing.
class Association {
 public:
  static constexpr std::size_t kAround = 4, kBefore = 3;

  explicit Association(std::span<const SymbolPair> support);
  // Of item j of support pair k (j may be that of its end) with `word`, by the other pairs alone:
  // the symbol itself, it with the one before, with the one behind, and with both. kAround values.
  void around(std::size_t k, std::size_t j, std::uint32_t word, Real* out) const;
  // Of the last one, two and three symbols that were written, the latest first. kBefore values.
  void before(const std::array<std::uint32_t, kBefore>& earlier, std::uint32_t word,
              Real* out) const;

 private:
  using Pairs = std::vector<std::uint32_t>;  // ascending
  static constexpr std::uint32_t kNobody = 0xFFFFFFFFu;
  Real strength(const Pairs* word, const Pairs* run, std::uint32_t without) const;
  const Pairs* of_word(std::uint32_t word) const;
  const Pairs* of_run(std::span<const std::uint32_t> run) const;

  std::vector<std::vector<std::uint32_t>> targets_;  // kBegin, symbols, kEnd
  std::unordered_map<std::uint32_t, Pairs> words_;
  std::unordered_map<std::uint64_t, Pairs> runs_;
};

}  // namespace attune
