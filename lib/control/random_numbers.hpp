#pragma once
#include "base/rng.hpp"

namespace attune {

// Gamma of shape ≥ 1 and scale 1 (Marsaglia & Tsang 2000).
double gamma_number(double shape, Rng& rng);
// Beta(a, b), both ≥ 1.
double beta_number(double a, double b, Rng& rng);

}  // namespace attune
