#include "attention/normaliser_parts.hpp"

#include <cmath>
#include <limits>

namespace attune {

constexpr Real kForbidden = -std::numeric_limits<Real>::infinity();

Var masked(const Var& scores, const Mask& mask) {
  if (mask.empty) return scores;
  return where(mask.allowed, scores, constant(kForbidden));
}

Array at_first_maximum(const Array& scores) {
  Array result = Array::zeros(scores.shape());
  Real* const out = result.mutable_data();
  const Indices first = kernel::argmax_last(scores);
  const std::size_t length = scores.shape().back();
  for (std::size_t row = 0; row < first.size(); ++row) {
    const std::size_t at = row * length + first[row];
    const Real most = scores.data()[at];
    if (most != kForbidden) out[at] = std::isnan(most) ? most : Real(1);
  }
  return result;
}

Var straight_through(const Array& hard, const Var& soft) {
  return constant(hard) + (soft - soft.detach());  // the difference is exactly 0
}

}  // namespace attune
