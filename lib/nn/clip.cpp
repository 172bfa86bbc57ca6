#include <cmath>

#include "nn/optimiser.hpp"

namespace attune {

double clip_by_norm(std::vector<Array>& gradients, double limit) {
  double squares = 0;
  for (const Array& gradient : gradients) {
    for (const Real value : gradient.values()) {
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
  }
  const double norm = std::sqrt(squares);
  if (!std::isfinite(norm) || norm <= limit) return norm;
  const Real factor = static_cast<Real>(limit / norm);
  for (Array& gradient : gradients) {
    Real* values = gradient.mutable_data();
    for (std::size_t i = 0; i < gradient.size(); ++i) values[i] *= factor;
  }
  return norm;
}

}  // namespace attune
