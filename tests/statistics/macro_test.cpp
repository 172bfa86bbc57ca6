#include "statistics/macro.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "base/rng.hpp"

using namespace attune;

TEST_CASE("a macro average worked out by hand") {
  // Tasks 0, 1, 2 have means 1/2, 1, 0; 0 and 1 are one group: groups 3/4 and 0.
  const std::vector<double> values = {1, 1, 0, 0, 0, 0};
  const std::vector<std::uint32_t> task = {0, 1, 0, 2, 2, 2}, group_of = {7, 7, 3};
  const Interval interval = macro_interval(values, task, group_of);
  CHECK(interval.n == 2);
  CHECK(interval.mean == doctest::Approx(0.375));
  CHECK(interval.half_width == doctest::Approx(12.7062 * 0.375));  // t(0.975, 1) · s / √2
  CHECK_THROWS_AS(macro_interval(values, std::span(task).first(5), group_of), Error);
  CHECK_THROWS_AS(macro_interval(values, task, std::span(group_of).first(2)), Error);
  CHECK_THROWS_AS(macro_interval({}, {}, {}), Error);
}

TEST_CASE("the interval covers the mean of all languages where that of episodes does not") {
  constexpr std::size_t kLanguages = 20, kEpisodes = 40, kTrials = 2000;
  std::vector<std::uint32_t> task, group_of;
  for (std::uint32_t l = 0; l < kLanguages; ++l) {
    group_of.push_back(l);
    task.insert(task.end(), kEpisodes, l);
  }
  std::size_t covered = 0, covered_naive = 0;
  for (std::size_t trial = 0; trial < kTrials; ++trial) {
    Rng rng(1, "macro", trial);
    std::vector<double> values;
    for (std::size_t l = 0; l < kLanguages; ++l) {
      const double own = 0.2 * rng.normal();  // how hard the language is
      for (std::size_t e = 0; e < kEpisodes; ++e) values.push_back(own + 0.4 * rng.normal());
    }
    const Interval macro = macro_interval(values, task, group_of), naive = mean_interval(values);
    covered += std::abs(macro.mean) <= macro.half_width ? 1 : 0;
    covered_naive += std::abs(naive.mean) <= naive.half_width ? 1 : 0;
  }
  const double rate = static_cast<double>(covered) / kTrials;
  CHECK(rate > 0.935);
  CHECK(rate < 0.965);
  CHECK(static_cast<double>(covered_naive) / kTrials < 0.7);
}
