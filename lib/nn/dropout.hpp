#pragma once
#include "nn/module.hpp"

namespace attune {

// In Mode::train sets each value to 0 with probability `rate`, drawn from context.rng, and divides
// the others by 1 − rate; otherwise x itself. Srivastava et al. 2014, inverted.
class Dropout : public Module {
 public:
  explicit Dropout(double rate);  // [0, 1), else UsageError
  void init(Params& params, Rng& rng) const override;
  Var forward(const Params& params, const Var& x, Context& context) const override;

 private:
  double rate_;
};

}  // namespace attune
