#include "control/gittins.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace attune {
namespace {

constexpr std::size_t kGrid = 1024;  // λ = 0, 1/1024 … 1

double mean_of(double wins, double losses) { return (1 + wins) / (2 + wins + losses); }

// What one arm after (s0,f0) is worth beyond λ for ever, when stopping is optional after the first
// pull and `depth` more pulls are looked at. `known`: as if p became known there, an upper bound;
// else as if what is believed stayed as it is, a lower one.
double gittins_excess(std::uint32_t s0, std::uint32_t f0, double discount, double lambda,
                      std::size_t depth, bool known) {
  const double stop = lambda / (1 - discount);
  std::vector<double> value(depth + 1);
  for (std::size_t wins = 0; wins <= depth; ++wins) {
    const double s = s0 + static_cast<double>(wins);
    const double p = mean_of(s, f0 + static_cast<double>(depth - wins));
    // max(p, λ) ≤ max(mean, λ) + (p − mean)₊, whose mean is at most half the deviation of p.
    const double n = 2 + s0 + f0 + static_cast<double>(depth);
    const double spread = known ? std::sqrt(p * (1 - p) / (n + 1)) / 2 : 0;
    value[wins] = std::max(stop, std::min(1.0, std::max(p, lambda) + spread) / (1 - discount));
  }
  for (std::size_t done = depth; done-- > 0;) {
    for (std::size_t wins = 0; wins <= done; ++wins) {
      const double p =
          mean_of(s0 + static_cast<double>(wins), f0 + static_cast<double>(done - wins));
      const double go = p * (1 + discount * value[wins + 1]) + (1 - p) * discount * value[wins];
      value[wins] = done == 0 ? go : std::max(stop, go);
    }
  }
  return value[0] - stop;
}

double root(double low, double high, double tolerance, const auto& excess) {
  while (high - low > tolerance) {
    const double middle = (low + high) / 2;
    (excess(middle) > 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

GittinsIndex gittins_index(std::uint32_t wins, std::uint32_t losses, double discount,
                           double tolerance) {
  if (!(discount > 0 && discount <= 0.999))
    throw Error("Gittins index: want a discount above 0 and at most 0.999");
  // Twice as deep until both bounds agree.
  for (std::size_t depth = 64;; depth *= 2) {
    const auto bound = [&](bool known) {
      return root(0, 1, tolerance / 8, [&](double lambda) {
        return gittins_excess(wins, losses, discount, lambda, depth, known);
      });
    };
    const double low = bound(false), high = bound(true);
    const double half = (high - low) / 2 + tolerance / 8;
    if (half <= tolerance || depth > 40000) return {(low + high) / 2, half};
  }
}

GittinsTable::GittinsTable(std::uint32_t pulls, double discount)
    : pulls_(pulls), index_((pulls + 1) * (pulls + 1)) {
  const std::size_t depth = pulls + 500;
  // Of each state the excess at the λ before: it falls in λ and crosses 0 once.
  std::vector<double> before(index_.size(), 0.0), value(depth + 2);
  for (std::size_t step = 0; step <= kGrid; ++step) {
    const double lambda = static_cast<double>(step) / kGrid, stop = lambda / (1 - discount);
    for (std::size_t s = 0; s <= depth; ++s)
      value[s] = std::max(mean_of(static_cast<double>(s), static_cast<double>(depth - s)), lambda) /
                 (1 - discount);
    for (std::size_t done = depth; done-- > 0;) {
      for (std::size_t s = 0; s <= done; ++s) {
        const double p = mean_of(static_cast<double>(s), static_cast<double>(done - s));
        const double go = p * (1 + discount * value[s + 1]) + (1 - p) * discount * value[s];
        value[s] = std::max(stop, go);
        if (done > pulls) continue;
        const std::size_t at = s * (pulls + 1) + done - s;
        const double excess = go - stop;
        if (step > 0 && before[at] > 0 && excess <= 0)
          index_[at] = lambda - (1.0 / kGrid) * excess / (excess - before[at]);
        before[at] = excess;
      }
    }
  }
}

FiniteHorizonTable::FiniteHorizonTable(std::uint32_t pulls)
    : pulls_(pulls), index_(static_cast<std::size_t>(pulls + 1) * (pulls + 1) * (pulls + 1), 0.0) {
  std::vector<double> before(index_.size(), 0.0), value(index_.size(), 0.0);
  for (std::size_t step = 0; step <= kGrid; ++step) {
    const double lambda = static_cast<double>(step) / kGrid;
    for (std::uint32_t left = 1; left <= pulls; ++left)
      for (std::uint32_t done = 0; done + left <= pulls; ++done) {
        const double* after = value.data() + place(done + 1, left - 1);
        const std::size_t here = place(done, left);
        const double stop = lambda * left;
        for (std::uint32_t s = 0; s <= done; ++s) {
          const double p = mean_of(s, done - s);
          const double go = left == 1 ? p : p * (1 + after[s + 1]) + (1 - p) * after[s];
          value[here + s] = std::max(stop, go);
          const double excess = go - stop;
          if (step > 0 && before[here + s] > 0 && excess <= 0)
            index_[here + s] = lambda - (1.0 / kGrid) * excess / (excess - before[here + s]);
          before[here + s] = excess;
        }
      }
  }
}

double FiniteHorizonTable::index(std::uint32_t wins, std::uint32_t losses, std::uint32_t left,
                                 double tolerance) {
  std::vector<double> value(left + 1);
  return root(0, 1, tolerance, [&](double lambda) {
    std::ranges::fill(value, 0.0);
    for (std::uint32_t done = left; done-- > 0;)
      for (std::uint32_t s = 0; s <= done; ++s) {
        const double p = mean_of(wins + s, losses + done - s);
        const double go = p * (1 + value[s + 1]) + (1 - p) * value[s];
        value[s] = done == 0 ? go : std::max(lambda * (left - done), go);
      }
    return value[0] - lambda * left;
  });
}

}  // namespace attune
