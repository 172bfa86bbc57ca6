#pragma once
#include "autograd/ops.hpp"
#include "base/config.hpp"

namespace attune {

// The number of heads and the size of each as a configuration names them ("heads",
// "head_features").
struct HeadSizes {
  HeadSizes(const Config& config, std::size_t features, std::size_t default_heads);
  std::size_t count, features;
  std::size_t width() const { return count * features; }  // of all heads next to each other
};

// Heads before the rows: x (…,R,H·F), columns of one head next to each other, → (…,H,R,F); x of
// rank 2 or 3.
Var split_heads(const Var& x, std::size_t heads);
Var join_heads(const Var& x);  // back

}  // namespace attune
