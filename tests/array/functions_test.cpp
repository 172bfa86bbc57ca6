#include <doctest/doctest.h>

#include <limits>

#include "array/naive.hpp"

using namespace attune;
using namespace attune::naive;

namespace {

struct Function {
  const char* name;
  Array (*kernel)(const Array&);
  double (*plain)(double);
  bool positive;  // defined for positive numbers only
};

const Function kFunctions[] = {
    {"neg", kernel::neg, [](double x) { return -x; }, false},
    {"exp", kernel::exp, [](double x) { return std::exp(x); }, false},
    {"log", kernel::log, [](double x) { return std::log(x); }, true},
    {"sqrt", kernel::sqrt, [](double x) { return std::sqrt(x); }, true},
    {"tanh", kernel::tanh, [](double x) { return std::tanh(x); }, false},
    {"sigmoid", kernel::sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, false},
    {"relu", kernel::relu, [](double x) { return x > 0 ? x : 0; }, false},
    {"sin", kernel::sin, [](double x) { return std::sin(x); }, false},
    {"cos", kernel::cos, [](double x) { return std::cos(x); }, false},
    {"erf", kernel::erf, [](double x) { return std::erf(x); }, false},
    {"sign", kernel::sign, [](double x) { return x > 0   ? 1.0
                                                 : x < 0 ? -1.0
                                                         : 0.0; }, false},
    {"scale", [](const Array& x) { return kernel::scale(x, Real(2.5)); },
     [](double x) { return 2.5 * x; }, false},
    {"shift", [](const Array& x) { return kernel::shift(x, Real(-1.5)); },
     [](double x) { return x - 1.5; }, false},
    {"pow 3", [](const Array& x) { return kernel::pow(x, 3); }, [](double x) { return x * x * x; },
     false},
    {"pow -0.5", [](const Array& x) { return kernel::pow(x, Real(-0.5)); },
     [](double x) { return 1 / std::sqrt(x); }, true},
};

}  // namespace

TEST_CASE("functions agree with the plain ones, value by value") {
  Rng rng(1, "functions");
  for (int round = 0; round < 100; ++round) {
    Array x = random_array(random_shape(rng, 0, 4, 9), rng, 2);
    if (x.size() > 0 && rng.bernoulli(0.3)) x.mutable_data()[0] = 0;
    for (const Function& function : kFunctions) {
      Array from = x, want(x.shape());
      for (std::size_t i = 0; i < x.size(); ++i) {
        Real& value = from.mutable_data()[i];
        if (function.positive) value = std::abs(value) + Real(0.01);
        want.mutable_data()[i] = static_cast<Real>(function.plain(value));
      }
      CAPTURE(function.name);
      CHECK(close(function.kernel(from), want, 2 * kTolerance));
    }
  }
}

TEST_CASE("large arrays: the same bits on any thread count, and as value by value") {
  Rng rng(2, "functions");
  const Array x = random_array({70001}, rng);
  for (const Function& function : kFunctions) {
    CAPTURE(function.name);
    CHECK(same_on_threads([&] { return function.kernel(x); }));
    if (function.positive) continue;
    const Array all = function.kernel(x);
    for (const std::size_t i : {0u, 16383u, 16384u, 70000u}) {
      CHECK(all.values()[i] == function.kernel(Array::scalar(x.values()[i])).item());
    }
  }
}

TEST_CASE("extreme and undefined arguments") {
  constexpr Real kInfinity = std::numeric_limits<Real>::infinity();
  constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();
  CHECK(kernel::sigmoid(Array::scalar(-1e6)).item() == 0);
  CHECK(kernel::sigmoid(Array::scalar(1e6)).item() == 1);
  CHECK(kernel::exp(Array::scalar(-kInfinity)).item() == 0);
  CHECK(kernel::log(Array::scalar(0)).item() == -kInfinity);
  CHECK(std::isnan(kernel::log(Array::scalar(-1)).item()));
  CHECK(std::isnan(kernel::sqrt(Array::scalar(-1)).item()));
  for (const Function& function : kFunctions) {
    CAPTURE(function.name);
    if (function.kernel != kernel::sign) {
      CHECK(std::isnan(function.kernel(Array::scalar(kNan)).item()));
    }
  }
}
