#pragma once
#include "array/array.hpp"
#include "base/rng.hpp"

namespace attune {

// Normal values from a stream that the shape does not change.
inline Array random_array(const Shape& shape, Rng& rng, double scale = 1) {
  Array result(shape);
  Real* out = result.mutable_data();
  for (std::size_t i = 0; i < result.size(); ++i) out[i] = static_cast<Real>(scale * rng.normal());
  return result;
}

}  // namespace attune
