#include "statistics/interval.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/rng.hpp"

using namespace attune;

namespace {

// n values with mean 0 and sample standard deviation √n: the half-width is then t itself.
std::vector<double> unit_error_sample(std::size_t n) {
  std::vector<double> values(n, 0.0);
  const auto size = static_cast<double>(n);
  values[0] = std::sqrt(size * (size - 1) / 2);
  values[1] = -values[0];
  return values;
}

struct TableEntry {
  std::size_t n;
  double level, t;
};

}  // namespace

TEST_CASE("half-widths are the quantiles of the published Student-t tables") {
  // Degrees of freedom n-1; two-sided 90, 95 and 99 %.
  const std::vector<TableEntry> table = {
      {2, 0.90, 6.314},  {2, 0.95, 12.706}, {2, 0.99, 63.657}, {3, 0.95, 4.303},
      {4, 0.95, 3.182},  {5, 0.95, 2.776},  {5, 0.99, 4.604},  {10, 0.90, 1.833},
      {11, 0.95, 2.228}, {21, 0.99, 2.845}, {31, 0.95, 2.042}, {121, 0.95, 1.980},
  };
  for (const auto& [n, level, t] : table) {
    CAPTURE(n);
    CAPTURE(level);
    const auto sample = unit_error_sample(n);
    const Interval interval = mean_interval(sample, level);
    CHECK(interval.n == n);
    CHECK(interval.mean == doctest::Approx(0));
    CHECK(std::abs(interval.half_width - t) < 5.1e-4);
  }
}

TEST_CASE("mean and half-width of a sample worked by hand") {
  // 1…5: mean 3, s² = 2.5, s/√5 = 0.70711, t(4) = 2.77645.
  const std::vector<double> values = {1, 2, 3, 4, 5};
  const Interval interval = mean_interval(values);
  CHECK(interval.mean == doctest::Approx(3));
  CHECK(interval.half_width == doctest::Approx(1.963243).epsilon(1e-6));
}

TEST_CASE("a large offset does not spoil the half-width") {
  std::vector<double> near = {1, 2, 3, 4, 5}, far = near;
  for (double& value : far) value += 1e9;
  CHECK(mean_interval(far).half_width == doctest::Approx(mean_interval(near).half_width));
  CHECK(mean_interval(far).mean == doctest::Approx(1e9 + 3));
}

TEST_CASE("one value has no finite interval, equal values have none at all") {
  const std::vector<double> one = {0.25}, same(10, 0.1);
  CHECK(mean_interval(one).half_width == std::numeric_limits<double>::infinity());
  CHECK(mean_interval(same).half_width == doctest::Approx(0));
  CHECK(mean_interval(same).mean == 0.1);
}

TEST_CASE("what is not a sample is refused") {
  const std::vector<double> none, odd = {1, std::nan("")}, two = {1, 2}, three = {1, 2, 3};
  CHECK_THROWS_AS(mean_interval(none), Error);
  CHECK_THROWS_AS(mean_interval(odd), Error);
  CHECK_THROWS_AS(mean_interval(two, 1.0), Error);
  CHECK_THROWS_AS(paired_interval(two, three), Error);
}

TEST_CASE("pairing takes out what both sides share") {
  const std::vector<double> a = {0.9, 0.5, 0.7, 0.3}, b = {0.8, 0.4, 0.6, 0.2};
  const Interval paired = paired_interval(a, b);
  CHECK(paired.mean == doctest::Approx(0.1));
  CHECK(paired.half_width < 1e-12);
  CHECK(mean_interval(a).half_width > 0.3);
}

TEST_CASE("95 % intervals hold the true mean in 94 to 96 % of 10,000 simulations") {
  // Episode accuracies: 75 queries right with probability 0.9, as a binomial; and seeds: normal.
  const Rng rng(20, "coverage");
  for (const std::size_t n : {std::size_t{3}, std::size_t{5}, std::size_t{100}}) {
    int covered = 0;
    std::vector<double> values(n);
    for (std::uint64_t simulation = 0; simulation < 10000; ++simulation) {
      Rng draw = rng.at(simulation, n);
      for (double& value : values) {
        value = 0;
        if (n < 50) {
          value = 0.9 + 0.01 * draw.normal();
        } else {
          for (int q = 0; q < 75; ++q) value += draw.bernoulli(0.9) / 75.0;
        }
      }
      const Interval interval = mean_interval(values);
      if (std::abs(interval.mean - 0.9) <= interval.half_width) ++covered;
    }
    CAPTURE(n);
    CHECK(covered >= 9400);
    CHECK(covered <= 9600);
  }
}
