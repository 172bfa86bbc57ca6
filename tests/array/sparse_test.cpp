#include "array/sparse.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "array/kernels.hpp"
#include "array/parallel.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr Real kInf = std::numeric_limits<Real>::infinity();
constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();
constexpr double kClose = sizeof(Real) == 8 ? 1e-12 : 1e-6;

// Σ (factor·x − τ)₊^power = 1 solved for τ by halving, and the terms of that sum.
std::vector<double> bisected(const Real* x, std::size_t count, double factor, double power) {
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < count; ++i) most = std::max(most, factor * double(x[i]));
  const auto term = [&](std::size_t i, double tau) {
    return std::pow(std::max(0.0, factor * double(x[i]) - tau), power);
  };
  double low = most - 1, high = most;
  for (int step = 0; step < 100; ++step) {
    const double tau = (low + high) / 2;
    double total = 0;
    for (std::size_t i = 0; i < count; ++i) total += term(i, tau);
    (total > 1 ? low : high) = tau;
  }
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(term(i, low));
  return result;
}

}  // namespace

TEST_CASE("sparsemax and 1.5-entmax of rows of every length equal bisection of the threshold") {
  Rng rng(1, "sparse");
  for (const std::size_t length : {1, 2, 3, 7, 64, 1000})
    for (const double scale : {0.01, 0.5, 5.0}) {
      CAPTURE(length);
      CAPTURE(scale);
      const Array x = random_array({4, length}, rng, scale);
      const Array flat = kernel::sparsemax(x), smooth = kernel::entmax15(x);
      for (std::size_t row = 0; row < 4; ++row) {
        const auto a = bisected(x.data() + row * length, length, 1, 1);
        const auto b = bisected(x.data() + row * length, length, 0.5, 2);
        double worst = 0;
        for (std::size_t i = 0; i < length; ++i)
          worst = std::max({worst, std::abs(a[i] - double(flat.data()[row * length + i])),
                            std::abs(b[i] - double(smooth.data()[row * length + i]))});
        CHECK(worst < kClose);
      }
    }
}

TEST_CASE("rows of -inf give zeros, of NaN or inf NaN, and of equal items equal weights") {
  const Array x = Array::of(
      {5, 3}, {-kInf, -kInf, -kInf, 1, kNan, 0, kInf, 0, 1, 2, 2, 2, -kInf, Real(-7.5), -kInf});
  for (const auto& f : {kernel::sparsemax, kernel::entmax15}) {
    const Array p = f(x);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(p.data()[i] == 0);
      CHECK(std::isnan(p.data()[3 + i]));
      CHECK(std::isnan(p.data()[6 + i]));
      CHECK(double(p.data()[9 + i]) == doctest::Approx(1.0 / 3));
      CHECK(p.data()[12 + i] == (i == 1 ? 1 : 0));
    }
  }
  CHECK(kernel::sparsemax(Array(Shape{0, 3})).size() == 0);
  CHECK(kernel::entmax15(Array(Shape{2, 0})).size() == 0);
  CHECK_THROWS_AS(kernel::sparsemax(Array::scalar(1)), Error);
}

TEST_CASE("the k largest of each row: ties to the lower index, NaN first, all of a short row") {
  const Array x = Array::of({3, 4}, {1, 3, 3, 2, 5, 5, 5, 5, 0, kNan, -kInf, 9});
  const auto largest = [&](std::size_t k) {
    const Array mask = kernel::largest_last(x, k);
    return std::vector<Real>(mask.values().begin(), mask.values().end());
  };
  CHECK(largest(1) == std::vector<Real>{0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0});
  CHECK(largest(2) == std::vector<Real>{0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 0, 1});
  CHECK(largest(3) == std::vector<Real>{0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1});
  CHECK(largest(9) == std::vector<Real>(12, 1));
  CHECK_THROWS_AS(largest(0), Error);
}

TEST_CASE("sparse weights move with their items, bit for bit, and at any thread count") {
  Rng rng(2, "sparse-order");
  const std::size_t length = 33, rows = 3000;
  const Array x = random_array({rows, length}, rng);
  Indices back(rows * length);
  for (std::size_t i = 0; i < back.size(); ++i)
    back[i] = static_cast<std::uint32_t>(length - 1 - i % length);
  for (const auto& f : {kernel::sparsemax, kernel::entmax15}) {
    set_threads(1);
    const Array one = f(x), turned = f(kernel::take_last(x, back));
    set_threads(2);
    const Array two = f(x), expected = kernel::take_last(one, back);
    set_threads(1);
    CHECK(std::equal(one.data(), one.data() + one.size(), two.data()));
    CHECK(std::equal(turned.data(), turned.data() + turned.size(), expected.data()));
  }
}
