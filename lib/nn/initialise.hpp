#pragma once
#include "array/array.hpp"
#include "base/rng.hpp"

namespace attune {

// U(−b, b), b = √(6/fan_in): keeps the variance through ReLU layers. He et al. 2015, eq. 10.
Array kaiming_uniform(const Shape& shape, std::size_t fan_in, Rng& rng);
// U(−b, b), b = √(6/(fan_in + fan_out)). Glorot & Bengio 2010, eq. 16.
Array glorot_uniform(const Shape& shape, std::size_t fan_in, std::size_t fan_out, Rng& rng);
// N(0, deviation²)
Array normal(const Shape& shape, double deviation, Rng& rng);

}  // namespace attune
