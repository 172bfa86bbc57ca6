#pragma once
#include <cstdint>
#include <vector>

namespace attune {

// The Gittins index ν(s,f) of a Bernoulli arm with s wins and f losses under a uniform prior and
// rewards discounted by γ: what a sure reward per pull must be worth to be as good as the arm.
// Bisection over the calibration λ of V(s,f) = max(λ/(1−γ), p(1 + γV(s+1,f)) + (1−p)γV(s,f+1)),
// which is bounded from both sides where it is cut off: half_width tells by how much at most.
// Gittins 1979; Gittins, Glazebrook & Weber 2011, §1.5, 8.4. γ in (0, 0.999].
struct GittinsIndex {
  double value, half_width;
};
GittinsIndex gittins_index(std::uint32_t wins, std::uint32_t losses, double discount,
                           double tolerance = 1e-9);

// Indices of all states of up to `pulls` pulls, by one sweep for each λ of a grid and a straight
// line within its cells: to about 1e-6.
class GittinsTable {
 public:
  GittinsTable(std::uint32_t pulls, double discount);
  double operator()(std::uint32_t wins, std::uint32_t losses) const {
    return index_[wins * (pulls_ + 1) + losses];
  }

 private:
  std::uint32_t pulls_;
  std::vector<double> index_;
};

// The same for the undiscounted sum of the `left` pulls that are left: the sure reward that makes
// stopping for good as good as going on (Bradt, Johnson & Karlin 1956; Lattimore 2016).
class FiniteHorizonTable {
 public:
  explicit FiniteHorizonTable(std::uint32_t pulls);
  // wins + losses + left ≤ pulls, left ≥ 1.
  double operator()(std::uint32_t wins, std::uint32_t losses, std::uint32_t left) const {
    return index_[place(wins + losses, left) + wins];
  }
  // Alone, by bisection.
  static double index(std::uint32_t wins, std::uint32_t losses, std::uint32_t left,
                      double tolerance = 1e-9);

 private:
  std::size_t place(std::uint32_t done, std::uint32_t left) const {
    return (static_cast<std::size_t>(done) * (pulls_ + 1) + left) * (pulls_ + 1);
  }
  std::uint32_t pulls_;
  std::vector<double> index_;
};

}  // namespace attune
