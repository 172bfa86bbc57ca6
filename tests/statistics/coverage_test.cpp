#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "base/rng.hpp"
#include "statistics/accuracies.hpp"
#include "statistics/interval.hpp"

// Every interval that tables print, at the sizes that they are printed for: of 10,000 simulated
// tables 94 to 96 % must hold the truth.

using namespace attune;

namespace {

constexpr std::uint64_t kSimulations = 10000;

void check_coverage(int covered) {
  CHECK(covered >= 9400);
  CHECK(covered <= 9600);
}

bool holds(const Interval& interval, double truth) {
  return std::abs(interval.mean - truth) <= interval.half_width;
}

void fill(std::vector<double>& values, const Accuracies& accuracies, Rng draw) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    bits = i % 4 == 0 ? draw.bits() : bits >> 16;
    values[i] = accuracies.at(bits);
  }
}

}  // namespace

TEST_CASE("one model over 1,000 and 10,000 episodes") {
  const Rng rng(1, "coverage-episodes");
  for (const auto& accuracies : {Accuracies(0.99, 0.02), Accuracies(0.6, 0.12)}) {
    for (const std::size_t n : {std::size_t{1000}, std::size_t{10000}}) {
      CAPTURE(n);
      std::vector<double> values(n);
      int covered = 0;
      for (std::uint64_t i = 0; i < kSimulations; ++i) {
        fill(values, accuracies, rng.at(i, n));
        covered += holds(mean_interval(values), accuracies.mean());
      }
      check_coverage(covered);
    }
  }
}

TEST_CASE("the difference of two models on the same 1,000 and 10,000 episodes") {
  const Rng rng(2, "coverage-pairs");
  const Accuracies easy(0.99, 0.02), hard(0.98, 0.03);
  for (const std::size_t n : {std::size_t{1000}, std::size_t{10000}}) {
    CAPTURE(n);
    std::vector<double> a(n), b(n);
    int covered = 0;
    for (std::uint64_t i = 0; i < kSimulations; ++i) {
      Rng draw = rng.at(i, n);
      for (std::size_t e = 0; e < n; e += 2) {
        // Half the time both meet the same luck, as on an episode that is hard for both.
        const std::uint64_t bits = draw.bits();
        a[e] = easy.at(bits);
        b[e] = hard.at(bits);
        a[e + 1] = easy.at(bits >> 16);
        b[e + 1] = hard.at(bits >> 32);
      }
      covered += holds(paired_interval(a, b), easy.mean() - hard.mean());
    }
    check_coverage(covered);
  }
}

TEST_CASE("a method over 3 and 5 seeds, and the difference of two, on common episodes") {
  // A seed shifts all episodes of its model. Every model meets the same episodes: the interval is
  // about the method's mean on these.
  const Rng rng(3, "coverage-seeds");
  const Accuracies rest(0.5, 0.05);
  constexpr std::size_t kEpisodes = 1000;
  for (const std::size_t seeds : {std::size_t{3}, std::size_t{5}}) {
    CAPTURE(seeds);
    std::vector<double> own(kEpisodes), difficulty(kEpisodes), a(seeds), b(seeds);
    int covered = 0, pairs_covered = 0;
    for (std::uint64_t i = 0; i < kSimulations; ++i) {
      Rng draw = rng.at(i, seeds);
      fill(difficulty, rest, draw.fork("difficulty"));
      const double level = mean_interval(difficulty).mean;
      for (std::size_t s = 0; s < seeds; ++s) {
        for (auto* method : {&a, &b}) {
          fill(own, rest, rng.at(i * 100 + s, method == &a ? 7 : 8));
          (*method)[s] = level + mean_interval(own).mean + 0.004 * draw.normal();
        }
        b[s] -= 0.01;
      }
      covered += holds(mean_interval(a), level + rest.mean());
      pairs_covered += holds(paired_interval(a, b), 0.01);
    }
    check_coverage(covered);
    check_coverage(pairs_covered);
  }
}
