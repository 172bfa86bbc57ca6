#pragma once
#include "nn/linear.hpp"

namespace attune {

// A linear layer of the concatenation of each row of a with each row of b: a (A,in_a), b (B,in_b) →
// (A,B,out). Each half is multiplied once, not once for each pair.
// Parts <name>.first and <name>.second, the bias in the second.
class PairLinear {
 public:
  PairLinear(const std::string& name, std::size_t in_a, std::size_t in_b, std::size_t out);
  void init(Params& params, Rng& rng) const;
  Var operator()(const Params& params, const Var& a, const Var& b, Context& context) const;

 private:
  Linear first_, second_;
};

// Each row of a plus each row of b: (A,…), (B,…) → (A,B,…).
Var add_pairs(const Var& a, const Var& b);

}  // namespace attune
