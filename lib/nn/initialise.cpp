#include "nn/initialise.hpp"

#include <cmath>

namespace attune {

namespace {

template <typename Draw>
Array filled(const Shape& shape, Draw draw) {
  Array x(shape);
  Real* values = x.mutable_data();
  for (std::size_t i = 0; i < x.size(); ++i) values[i] = static_cast<Real>(draw());
  return x;
}

Array uniform(const Shape& shape, double bound, Rng& rng) {
  return filled(shape, [&] { return rng.uniform(-bound, bound); });
}

}  // namespace

Array kaiming_uniform(const Shape& shape, std::size_t fan_in, Rng& rng) {
  return uniform(shape, std::sqrt(6.0 / static_cast<double>(fan_in)), rng);
}

Array glorot_uniform(const Shape& shape, std::size_t fan_in, std::size_t fan_out, Rng& rng) {
  return uniform(shape, std::sqrt(6.0 / static_cast<double>(fan_in + fan_out)), rng);
}

Array normal(const Shape& shape, double deviation, Rng& rng) {
  return filled(shape, [&] { return deviation * rng.normal(); });
}

}  // namespace attune
