#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace attune {

// How far a classifier's probabilities can be believed: answers counted in bins of equal width of
// their confidence, the probability of the class that is answered. Guo et al. 2017, §2.
class Calibration {
 public:
  static constexpr std::size_t kBins = 15;
  struct Bin {  // confidences in (i/kBins, (i+1)/kBins]; 0 is in the first
    std::uint64_t count = 0, right = 0;
    double confidence = 0;  // sum
  };
  void add(double confidence, bool right);  // confidence in [0, 1], else Error
  Calibration& operator+=(const Calibration& other);
  std::uint64_t count() const;
  // Expected calibration error: mean of |accuracy − confidence| over the bins, each weighed by its
  // count; in [0, 1], 0 without answers. Eq. 3.
  double expected_error() const;
  const std::array<Bin, kBins>& bins() const { return bins_; }
  std::array<Bin, kBins>& bins() { return bins_; }

 private:
  std::array<Bin, kBins> bins_{};
};

}  // namespace attune
