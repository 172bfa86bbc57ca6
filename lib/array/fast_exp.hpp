#pragma once
#include <bit>
#include <cmath>
#include <cstdint>

namespace attune::kernel {

// exp for loops that the compiler vectorises: 2ⁿ by the exponent's bits, 2ᶠ of the rest by a
// polynomial (Cody & Waite 1980, ch. 6). Error within 2 units in the last place for x in [-87, 88];
// below, down to -inf, 0 or a value under 2e-38; NaN stays NaN. Larger x is not for it.
inline float fast_exp(float x) {
  const float bounded = x > -87.5f ? x : -87.5f;
  const float n = std::nearbyint(bounded * 1.44269504f);
  // ln 2 in two parts, so that the rest is exact to the last bits.
  const float rest = (bounded - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * rest + 1.3981999507e-3f;
  p = p * rest + 8.3334519073e-3f;
  p = p * rest + 4.1665795894e-2f;
  p = p * rest + 1.6666665459e-1f;
  p = p * rest + 5.0000001201e-1f;
  const float value = (p * rest * rest + rest) + 1.0f;
  const auto power = static_cast<std::uint32_t>(static_cast<std::int32_t>(n) + 127) << 23;
  const float result = value * std::bit_cast<float>(power);
  return x > -87.5f ? result : (x != x ? x : 0.0f);
}

inline double fast_exp(double x) { return std::exp(x); }

// 1 / (1 + e⁻ˣ), within 4 units in the last place; NaN stays NaN.
inline float fast_sigmoid(float x) { return 1.0f / (1.0f + fast_exp(x < -87.0f ? 87.0f : -x)); }

inline double fast_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// Near 0 an odd polynomial (Moshier, Cephes), else by e²ˣ; within 4 units in the last place; NaN
// stays NaN.
inline float fast_tanh(float x) {
  const float size = std::fabs(x), square = x * x;
  float p = -5.70498872745e-3f;
  p = p * square + 2.06390887954e-2f;
  p = p * square - 5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square - 3.33332819422e-1f;
  const float near = (p * square) * x + x;
  const float far = 1.0f - 2.0f / (fast_exp(size < 40.0f ? 2.0f * size : 80.0f) + 1.0f);
  return size < 0.625f ? near : (x == x ? std::copysign(far, x) : x);
}

inline double fast_tanh(double x) { return std::tanh(x); }

}  // namespace attune::kernel
