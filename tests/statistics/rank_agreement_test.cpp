#include "statistics/rank_agreement.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/rng.hpp"

using namespace attune;

namespace {

// The definition, pair by pair.
double pair_by_pair(const std::vector<double>& a, const std::vector<double>& b) {
  double agree = 0, in_a = 0, in_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = i + 1; j < a.size(); ++j) {
      const double x = (a[i] > a[j]) - (a[i] < a[j]), y = (b[i] > b[j]) - (b[i] < b[j]);
      agree += x * y;
      in_a += x * x;
      in_b += y * y;
    }
  return in_a == 0 || in_b == 0 ? 0 : agree / std::sqrt(in_a * in_b);
}

}  // namespace

TEST_CASE("Kendall's tau-b is what counting the pairs gives, with and without ties") {
  Rng rng(5, "kendall");
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t n = rng.below(40), levels = 1 + rng.below(30);
    std::vector<double> a, b;
    for (std::size_t i = 0; i < n; ++i) {
      a.push_back(static_cast<double>(rng.below(levels)));
      b.push_back(trial % 2 ? static_cast<double>(rng.below(levels)) : rng.normal());
    }
    CAPTURE(n);
    CAPTURE(levels);
    CHECK(kendall_tau(a, b) == doctest::Approx(pair_by_pair(a, b)).epsilon(1e-12));
  }
}

TEST_CASE("Kendall's tau-b of known rankings") {
  const std::vector<double> up{1, 2, 3, 4}, down{4, 3, 2, 1}, tied{1, 1, 2, 2}, flat{7, 7, 7, 7};
  CHECK(kendall_tau(up, up) == doctest::Approx(1));
  CHECK(kendall_tau(up, down) == doctest::Approx(-1));
  CHECK(kendall_tau(up, tied) == doctest::Approx(4 / std::sqrt(6.0 * 4.0)));
  CHECK(kendall_tau(up, flat) == 0);
  CHECK_THROWS_AS(kendall_tau(up, std::vector<double>{1}), Error);
  const std::vector<double> broken{1, 2, 3, std::numeric_limits<double>::quiet_NaN()};
  CHECK_THROWS_AS(kendall_tau(up, broken), Error);
}

TEST_CASE("Kendall's test: shares of all orders, known for few numbers") {
  const std::vector<double> four{1, 2, 3, 4}, five{1, 2, 3, 4, 5}, near{1, 2, 3, 5, 4};
  CHECK(kendall_test(four, four) == doctest::Approx(2.0 / 24));
  // Of 120 orders 1 has no inversion, 4 have one; as many at the other end.
  CHECK(kendall_test(five, near) == doctest::Approx(10.0 / 120));
  CHECK(kendall_test(four, std::vector<double>{7, 7, 7, 7}) == 1);
  CHECK(kendall_test({}, {}) == 1);
}

TEST_CASE("Kendall's test by random orders is near the normal approximation, and repeats") {
  Rng rng(6, "kendall");
  std::vector<double> a, b;
  for (int i = 0; i < 30; ++i) {
    a.push_back(rng.normal());
    b.push_back(a.back() + 2 * rng.normal());
  }
  const double n = 30, p = kendall_test(a, b, 9999);
  const double z = kendall_tau(a, b) / std::sqrt(2 * (2 * n + 5) / (9 * n * (n - 1)));
  CHECK(p == doctest::Approx(std::erfc(std::abs(z) / std::sqrt(2.0))).epsilon(0.15));
  CHECK(kendall_test(a, b, 9999) == p);
  CHECK(kendall_test(a, a, 999) == doctest::Approx(1.0 / 1000));
}

TEST_CASE("effective number of items") {
  CHECK(effective_number(std::vector<double>{0.25, 0.25, 0.25, 0.25}) == doctest::Approx(4));
  CHECK(effective_number(std::vector<double>{0, 1, 0}) == doctest::Approx(1));
  CHECK(effective_number(std::vector<double>{0.5, 0.25, 0.25}) ==
        doctest::Approx(std::exp(1.5 * std::log(2.0))));
}
