#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace attune {

// Accuracies as episodes have them: k of 75 queries, k/75 a normal number of this mean and standard
// deviation, rounded and clipped to 0…1; near 1 they are skewed and pile up. 65,536 equally
// probable values, so their true mean is known exactly.
class Accuracies {
 public:
  Accuracies(double mean, double deviation) : values_(kValues) {
    for (std::size_t i = 0; i < kValues; ++i) {
      const double normal = quantile((static_cast<double>(i) + 0.5) / kValues);
      values_[i] = std::clamp(std::round((mean + deviation * normal) * 75) / 75, 0.0, 1.0);
    }
    for (const double value : values_) mean_ += value / kValues;
  }
  double mean() const { return mean_; }
  double at(std::uint64_t bits) const { return values_[bits & (kValues - 1)]; }  // of 16 bits

 private:
  static constexpr std::size_t kValues = 1 << 16;
  static double quantile(double p) {  // of the normal distribution, by bisection
    double low = -6, high = 6;
    for (int i = 0; i < 50; ++i) {
      const double middle = (low + high) / 2;
      (std::erfc(-middle / std::sqrt(2)) / 2 < p ? low : high) = middle;
    }
    return low;
  }
  std::vector<double> values_;
  double mean_ = 0;
};

}  // namespace attune
