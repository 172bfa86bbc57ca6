#include "control/bandit_optimum.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"

using namespace attune;

namespace {

// The same without sorting and without memory.
double enumerate(std::vector<std::uint32_t>& wins, std::vector<std::uint32_t>& losses, int left) {
  if (left == 0) return 0;
  double best = 0;
  for (std::size_t a = 0; a < wins.size(); ++a) {
    const double p = (1.0 + wins[a]) / (2.0 + wins[a] + losses[a]);
    ++wins[a];
    double value = p * (1 + enumerate(wins, losses, left - 1));
    --wins[a];
    ++losses[a];
    value += (1 - p) * enumerate(wins, losses, left - 1);
    --losses[a];
    best = std::max(best, value);
  }
  return best;
}

}  // namespace

TEST_CASE("dynamic programming finds what enumeration finds") {
  for (std::uint32_t arms = 1; arms <= 4; ++arms)
    for (int pulls = 1; pulls <= 4; ++pulls) {
      std::vector<std::uint32_t> wins(arms), losses(arms);
      CAPTURE(arms);
      CAPTURE(pulls);
      CHECK(BanditOptimum(arms, static_cast<std::uint32_t>(pulls)).value() ==
            doctest::Approx(enumerate(wins, losses, pulls)).epsilon(1e-12));
    }
}

TEST_CASE("the optima of 10 pulls") {
  const auto check = [](std::uint32_t arms, double value, std::size_t states) {
    const BanditOptimum optimum(arms, 10);
    CHECK(optimum.value() == doctest::Approx(value).epsilon(1e-5));
    if (states) CHECK(optimum.states() <= states);
  };
  check(2, 6.0218, 0);
  check(5, 6.6600, 3519);
  check(10, 6.7140, 4435);
  check(50, 6.7140, 4435);
  CHECK(BanditOptimum(50, 10).value() == BanditOptimum(10, 10).value());
}

TEST_CASE("values of actions: arms alike are worth the same, an untouched one after its like too") {
  const BanditOptimum optimum(3, 5);
  std::vector<double> values(3);
  const std::vector<std::uint32_t> none{0, 0, 0}, wins{0, 1, 0}, losses{1, 0, 0};
  optimum.values(none, none, values);
  CHECK(values[0] == values[2]);
  CHECK(*std::ranges::max_element(values) == optimum.value());
  optimum.values(wins, none, values);
  CHECK(values[0] == values[2]);
  CHECK(values[1] > values[0]);
  optimum.values(none, losses, values);
  CHECK(values[0] < values[1]);
}

TEST_CASE("what can't be computed is refused") {
  CHECK_THROWS_AS(BanditOptimum(2, 300), UsageError);
  CHECK_THROWS_AS(BanditOptimum(8, 60), UsageError);
}
