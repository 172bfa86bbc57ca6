#include "array/fast_exp.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace attune;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// The largest error of `fast` from `least` to `most`, in units of the last place of the exact
// value.
template <typename Fast, typename Exact>
double worst_error(double least, double most, double step, const Fast& fast, const Exact& exact) {
  double worst = 0;
  for (double x = least; x < most; x += step) {
    const auto at = static_cast<float>(x);
    const double wanted = exact(double(at));
    const float near = std::fabs(static_cast<float>(wanted));
    const double unit = double(std::nextafter(near, kInfinity)) - double(near);
    worst = std::max(worst, std::abs(double(fast(at)) - wanted) / unit);
  }
  return worst;
}

}  // namespace

TEST_CASE("fast_exp stays within two units in the last place") {
  const auto fast = [](float x) { return kernel::fast_exp(x); };
  CHECK(worst_error(-87, 88, 0.001237, fast, [](double x) { return std::exp(x); }) < 2);
  CHECK(kernel::fast_exp(0.0f) == 1);
  CHECK(kernel::fast_exp(-kInfinity) == 0);
  CHECK(kernel::fast_exp(-100.0f) < 2e-38f);
  CHECK(std::isnan(kernel::fast_exp(kNan)));
}

TEST_CASE("fast_sigmoid stays within four units in the last place") {
  const auto fast = [](float x) { return kernel::fast_sigmoid(x); };
  const auto exact = [](double x) { return 1 / (1 + std::exp(-x)); };
  CHECK(worst_error(-86, 90, 0.000913, fast, exact) < 4);
  CHECK(kernel::fast_sigmoid(0.0f) == 0.5f);
  CHECK(kernel::fast_sigmoid(-kInfinity) < 2e-38f);
  CHECK(kernel::fast_sigmoid(-1000.0f) < 2e-38f);
  CHECK(kernel::fast_sigmoid(1000.0f) == 1);
  CHECK(kernel::fast_sigmoid(kInfinity) == 1);
  CHECK(std::isnan(kernel::fast_sigmoid(kNan)));
}

TEST_CASE("fast_tanh stays within four units in the last place") {
  const auto fast = [](float x) { return kernel::fast_tanh(x); };
  const auto exact = [](double x) { return std::tanh(x); };
  CHECK(worst_error(-20, 20, 0.000213, fast, exact) < 4);
  CHECK(worst_error(-0.63, 0.63, 0.0000117, fast, exact) < 4);
  CHECK(worst_error(1e-6, 1e-3, 1.3e-8, fast, exact) < 4);
  CHECK(kernel::fast_tanh(0.0f) == 0);
  for (const float x : {20.0f, 39.9f, 40.0f, 1e30f, kInfinity}) {
    CHECK(kernel::fast_tanh(x) == 1);
    CHECK(kernel::fast_tanh(-x) == -1);
  }
  CHECK(std::isnan(kernel::fast_tanh(kNan)));
}
