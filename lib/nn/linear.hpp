#pragma once
#include "nn/module.hpp"

namespace attune {

// x·W + b over the last axis; x (…,in) of rank 2 or more → (…,out).
// Weights <name>.weight (in,out), Glorot uniform, and <name>.bias (out), zeros.
class Linear : public Module {
 public:
  Linear(std::string name, std::size_t in, std::size_t out, bool bias = true);
  void init(Params& params, Rng& rng) const override;
  void init_as(Params& params, const Linear& other) const;  // with the values of other, same sizes
  Var forward(const Params& params, const Var& x, Context& context) const override;
  // relu(forward(…)) in one pass.
  Var positive(const Params& params, const Var& x, Context& context) const;

 private:
  std::string name_;
  std::size_t in_, out_;
  bool bias_;
};

}  // namespace attune
