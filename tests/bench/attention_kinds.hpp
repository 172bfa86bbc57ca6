#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "array/array.hpp"

namespace attune::bench {

inline constexpr std::size_t kFeatures = 64, kWays = 5;

// Uniform with mean 0 and variance 1: a hash of the position that attention_peer.py computes too.
Real hashed(std::size_t position, std::uint32_t stream);

// One kind of attention on as many queries as support items, D = 64, one head.
struct Subject {
  virtual ~Subject() = default;
  // The answer without gradients, as a test computes it (Mode::evaluate).
  virtual Array forward() = 0;
  // The answer as training computes it (Mode::train), then the gradients of what went in: of q, k
  // and v; or of the features and all weights. The answer comes first.
  virtual std::vector<Array> both() = 0;
};

struct Kind {
  std::string group;  // "normalisers": attention with scores q·k/√D and values (S,64), gradient
                      // given; "structures": log-probabilities of 5 ways, gradient of their mean
                      // cross-entropy
  std::string name;
  std::function<std::unique_ptr<Subject>(std::size_t items)> make;
};
// Every registered normaliser and structure, at its defaults but for the number of heads, and their
// variants of another cost.
std::vector<Kind> attention_kinds();

}  // namespace attune::bench
