#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace attune {

// A counter-based random stream: Philox4x64-10 (Salmon et al. 2011, librandom123). The key is
// (seed, hash of the stream's name), the counter (step, index, block): any draw can be made again
// from its address, so nothing depends on threads, on batching, or on where a run was resumed.
// Distributions are our own, since those of <random> differ between standard libraries.
class Rng {
 public:
  using Counter = std::array<std::uint64_t, 4>;
  using Key = std::array<std::uint64_t, 2>;
  // The block function itself, for tests against the published vectors.
  static Counter philox4x64_10(const Counter& counter, const Key& key);

  Rng(std::uint64_t seed, std::string_view stream, std::uint64_t step = 0, std::uint64_t index = 0);

  Rng at(std::uint64_t step, std::uint64_t index = 0) const;  // same key, another address
  Rng fork(std::string_view stream) const;  // independent stream at the same address

  std::uint64_t bits();                      // 64 uniform bits
  std::uint64_t below(std::uint64_t bound);  // uniform in [0, bound), unbiased; bound ≥ 1
  double uniform();                          // [0, 1), 53 bits
  double uniform(double low, double high);   // [low, high)
  double normal();                           // mean 0, variance 1 (Box–Muller)
  bool bernoulli(double p);                  // true with probability p

  void shuffle(std::span<std::uint32_t> items);  // Fisher–Yates
  // `count` different numbers below `bound`, in random order; Error when count > bound.
  std::vector<std::uint32_t> choose(std::uint64_t bound, std::size_t count);

 private:
  Key key_;          // seed, stream
  Counter counter_;  // step, index, next block, 0
  Counter block_;
  unsigned used_ = 4;
};

}  // namespace attune
