#include "attention/masks.hpp"

#include <algorithm>

namespace attune {

Mask present_mask(const Array& present) {
  if (present.rank() != 2) throw Error("present_mask: want (B,S), have " + present.shape().text());
  return {present.reshaped({present.dim(0), 1, 1, present.dim(1)}), false};
}

Mask causal_mask(std::size_t count, std::size_t past) {
  if (count == 1) return {};  // a single item looks at all there is
  Array allowed = Array::zeros({count, past + count});
  Real* out = allowed.mutable_data();
  for (std::size_t i = 0; i < count; ++i)
    std::fill_n(out + i * (past + count), past + i + 1, Real(1));
  return {std::move(allowed), false};
}

Mask both(const Mask& a, const Mask& b) {
  if (a.empty) return b;
  if (b.empty) return a;
  return {kernel::mul(a.allowed, b.allowed), false};
}

}  // namespace attune
