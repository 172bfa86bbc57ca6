#pragma once
#include <algorithm>
#include <array>
#include <limits>

#include "array/fast_exp.hpp"
#include "array/real.hpp"
#include "array/sums.hpp"

// Loops over one row, for widest<> of base/instructions.hpp: the compiler vectorises them.
namespace attune::kernel {

inline constexpr Real kLowest = -std::numeric_limits<Real>::infinity();
inline constexpr std::size_t kSoftmaxLanes = 16;  // maxima carried at once

// What stands at i, or the lowest value where the row is masked.
template <bool masked>
inline Real allowed_at(const Real* x, const Real* allowed, std::size_t i) {
  if constexpr (masked) return allowed[i] != 0 ? x[i] : kLowest;
  return x[i];
}

// The maximum of what is allowed, NaN where there is one, -inf where nothing is.
template <bool masked>
inline Real largest_of(const Real* x, const Real* allowed, std::size_t count) {
  const auto larger = [](Real a, Real b) { return a > b || a != a ? a : b; };
  Real most = kLowest;
  std::size_t i = 0;
  if (count >= kSoftmaxLanes) {
    std::array<Real, kSoftmaxLanes> lanes;
    lanes.fill(kLowest);
    for (; i + kSoftmaxLanes <= count; i += kSoftmaxLanes)
      for (std::size_t lane = 0; lane < kSoftmaxLanes; ++lane)
        lanes[lane] = larger(allowed_at<masked>(x, allowed, i + lane), lanes[lane]);
    for (const Real lane : lanes) most = larger(lane, most);
  }
  for (; i < count; ++i) most = larger(allowed_at<masked>(x, allowed, i), most);
  return most;
}

// to = exp(x − most), 0 where masked or -inf; returns the sum.
template <bool masked>
inline double exponentials(const Real* __restrict x, const Real* __restrict allowed, Real most,
                           Real* __restrict to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    to[i] = fast_exp(allowed_at<masked>(x, allowed, i) - most);
  return sum_of_line(to, count);
}

// softmax of what is allowed; a row that allows nothing, or holds nothing above -inf, gives zeros.
template <bool masked>
void softmax_row(const Real* __restrict x, const Real* __restrict allowed, Real* __restrict to,
                 std::size_t count) {
  const Real most = largest_of<masked>(x, allowed, count);
  if (most == kLowest) {
    std::fill_n(to, count, Real(0));
    return;
  }
  const auto factor = static_cast<Real>(1 / exponentials<masked>(x, allowed, most, to, count));
  for (std::size_t i = 0; i < count; ++i) to[i] *= factor;
}

}  // namespace attune::kernel
