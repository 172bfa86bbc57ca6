#include "control/random_numbers.hpp"

#include <cmath>

namespace attune {

double gamma_number(double shape, Rng& rng) {
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = rng.normal(), root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(1 - rng.uniform()) < x * x / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}

double beta_number(double a, double b, Rng& rng) {
  const double x = gamma_number(a, rng), y = gamma_number(b, rng);
  return x / (x + y);
}

}  // namespace attune
