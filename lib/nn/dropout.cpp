#include "nn/dropout.hpp"

namespace attune {

Dropout::Dropout(double rate) : rate_(rate) {
  if (!(rate >= 0 && rate < 1)) {
    throw UsageError("dropout: rate: want a number in [0, 1), have " + to_text(rate));
  }
}

void Dropout::init(Params&, Rng&) const {}

Var Dropout::forward(const Params&, const Var& x, Context& context) const {
  if (context.mode != Mode::train || rate_ == 0) return x;
  const Real kept = static_cast<Real>(1 / (1 - rate_));
  Array mask(x.shape());
  Real* values = mask.mutable_data();
  for (std::size_t i = 0; i < mask.size(); ++i) {
    values[i] = context.rng.bernoulli(rate_) ? Real(0) : kept;
  }
  return x * constant(std::move(mask));
}

}  // namespace attune
