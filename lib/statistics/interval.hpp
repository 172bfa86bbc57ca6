#pragma once
#include <span>

namespace attune {

struct Interval {
  double mean = 0;
  double half_width = 0;  // of the two-sided interval
  std::size_t n = 0;
};
// Mean ± Student-t half-width (n ≥ 2; n = 1 gives half-width infinity). Error when empty or not
// finite.
Interval mean_interval(std::span<const double> values, double level = 0.95);
// Mean of differences a−b on the same episodes, with its interval. Error when sizes differ.
Interval paired_interval(std::span<const double> a, std::span<const double> b, double level = 0.95);

}  // namespace attune
