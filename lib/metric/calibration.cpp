#include "metric/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {

void Calibration::add(double confidence, bool right) {
  // Single precision may give a little more than 1.
  if (!(confidence >= 0 && confidence <= 1 + 1e-4))
    throw Error("calibration: want a confidence of 0 to 1, have " + to_text(confidence));
  const double place = std::ceil(confidence * kBins) - 1;
  Bin& bin = bins_[static_cast<std::size_t>(std::clamp(place, 0.0, kBins - 1.0))];
  ++bin.count;
  bin.right += right;
  bin.confidence += std::min(confidence, 1.0);
}

Calibration& Calibration::operator+=(const Calibration& other) {
  for (std::size_t i = 0; i < kBins; ++i) {
    bins_[i].count += other.bins_[i].count;
    bins_[i].right += other.bins_[i].right;
    bins_[i].confidence += other.bins_[i].confidence;
  }
  return *this;
}

std::uint64_t Calibration::count() const {
  std::uint64_t total = 0;
  for (const Bin& bin : bins_) total += bin.count;
  return total;
}

double Calibration::expected_error() const {
  double sum = 0;
  for (const Bin& bin : bins_) sum += std::abs(static_cast<double>(bin.right) - bin.confidence);
  const std::uint64_t total = count();
  return total ? sum / static_cast<double>(total) : 0;
}

}  // namespace attune
