#include "statistics/significance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "statistics/accuracies.hpp"

using namespace attune;

namespace {

// All sign patterns, one by one.
double enumerated(const std::vector<double>& differences) {
  double observed = 0;
  for (const double difference : differences) observed += difference;
  const std::size_t patterns = std::size_t{1} << differences.size();
  std::size_t reached = 0;
  for (std::size_t pattern = 0; pattern < patterns; ++pattern) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) {
      sum += (pattern >> i) & 1 ? -differences[i] : differences[i];
    }
    reached += std::abs(sum) >= std::abs(observed) - 1e-9;
  }
  return static_cast<double>(reached) / static_cast<double>(patterns);
}

// The exact distribution of the sum of whole numbers with random signs, one number at a time.
double by_convolution(const std::vector<int>& differences) {
  int total = 0, observed = 0;
  for (const int difference : differences) {
    total += std::abs(difference);
    observed += difference;
  }
  std::vector<double> chance(static_cast<std::size_t>(2 * total + 1), 0.0);
  chance[static_cast<std::size_t>(total)] = 1;
  for (const int difference : differences) {
    std::vector<double> next(chance.size(), 0.0);
    for (int sum = -total; sum <= total; ++sum) {
      const double here = chance[static_cast<std::size_t>(sum + total)];
      if (here == 0) continue;
      next[static_cast<std::size_t>(sum + total + difference)] += here / 2;
      next[static_cast<std::size_t>(sum + total - difference)] += here / 2;
    }
    chance = next;
  }
  double p = 0;
  for (int sum = -total; sum <= total; ++sum) {
    if (std::abs(sum) >= std::abs(observed)) p += chance[static_cast<std::size_t>(sum + total)];
  }
  return p;
}

}  // namespace

TEST_CASE("few differences: the sign-flip test tries every pattern") {
  const Rng rng(1, "differences");
  for (std::uint64_t n = 1; n <= 14; ++n) {
    CAPTURE(n);
    Rng draw = rng.at(n);
    std::vector<double> reals(n), tied(n);
    for (double& value : reals) value = 0.3 + draw.normal();
    for (double& value : tied) value = (static_cast<double>(draw.below(7)) - 2) / 75;
    for (const auto& values : {reals, tied}) {
      const SignFlip test = sign_flip_test(values);
      CHECK(test.exact);
      CHECK(test.p == doctest::Approx(enumerated(values)).epsilon(1e-12));
    }
  }
}

TEST_CASE("Darwin's maize: Fisher's own example of the test") {
  // The Design of Experiments, §21: 15 pairs, sum 314 eighths of an inch; of 32,768 patterns 863
  // give as much or more in one direction, 1,726 in either.
  const std::vector<double> eighths = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  const SignFlip test = sign_flip_test(eighths);
  CHECK(test.exact);
  CHECK(test.p == doctest::Approx(1726.0 / 32768).epsilon(1e-12));
  // Ibid. §17: t = 2.148 with 14 degrees of freedom; two-sided, 0.0497.
  CHECK(student_test(eighths) == doctest::Approx(0.0497).epsilon(1e-3));
}

TEST_CASE("many differences: the resampled test agrees with the exact distribution") {
  const Rng rng(2, "differences");
  for (const std::uint64_t n : {40ULL, 100ULL, 1000ULL}) {
    for (std::uint64_t trial = 0; trial < 4; ++trial) {
      CAPTURE(n);
      Rng draw = rng.at(n, trial);
      std::vector<int> whole(n);
      std::vector<double> values(n);
      for (std::size_t i = 0; i < n; ++i) {
        whole[i] = static_cast<int>(draw.below(9)) - 4 + (draw.bernoulli(0.08) ? 2 : 0);
        values[i] = whole[i] / 75.0;
      }
      const SignFlip test = sign_flip_test(values);
      const double exact = by_convolution(whole);
      CHECK(!test.exact);
      // Five standard errors of 99,999 patterns.
      CHECK(std::abs(test.p - exact) < 5 * std::sqrt(exact * (1 - exact) / 99999) + 2e-5);
    }
  }
}

TEST_CASE("the sign-flip test knows its limits") {
  const std::vector<double> three = {1, 2, 3}, zeros(50, 0.0), equal(50, 0.25);
  CHECK(sign_flip_test(three).p == 0.25);  // of 2³ patterns two are as extreme
  CHECK(sign_flip_test(zeros).p == 1);
  CHECK(sign_flip_test(equal).p == doctest::Approx(1e-5));
  CHECK(sign_flip_test(equal, 999).p == doctest::Approx(1e-3));
  const std::vector<double> none, odd = {1, std::numeric_limits<double>::infinity()};
  CHECK_THROWS_AS(sign_flip_test(none), Error);
  CHECK_THROWS_AS(sign_flip_test(odd), Error);
  CHECK_THROWS_AS(student_test(none), Error);
}

TEST_CASE("tests made together are those made one by one, of any lengths and sizes") {
  Rng draw(4, "differences");
  std::vector<std::vector<double>> samples;
  for (const std::size_t n : {3UL, 16UL, 17UL, 64UL, 200UL, 1000UL})
    for (const bool tied : {true, false}) {
      auto& sample = samples.emplace_back(n);
      for (double& value : sample)
        value = tied ? (static_cast<double>(draw.below(7)) - 2) / 75 : 0.1 + draw.normal();
    }
  samples.emplace_back(30, 0.0);
  const auto together = sign_flip_tests(samples, 999, 5);
  REQUIRE(together.size() == samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const SignFlip alone = sign_flip_test(samples[i], 999, 5);
    CHECK(together[i].p == alone.p);
    CHECK(together[i].exact == alone.exact);
  }
  CHECK(sign_flip_tests({}).empty());
}

TEST_CASE("equal input gives equal p, and the sign of all makes no difference") {
  Rng draw(3, "differences");
  std::vector<double> values(200), other(200);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = 0.1 + draw.normal();
    other[i] = -values[i];
  }
  CHECK(sign_flip_test(values).p == sign_flip_test(values).p);
  CHECK(sign_flip_test(values).p == sign_flip_test(other).p);
}

TEST_CASE("the paired t-test gives the levels of the published tables") {
  // Mean 1 and standard error 1/t: t is then a table's entry for n-1 degrees of freedom.
  struct Entry {
    std::size_t n;
    double t, p;
  };
  for (const auto& [n, t, p] : std::vector<Entry>{{3, 4.303, 0.05},
                                                  {5, 2.776, 0.05},
                                                  {5, 4.604, 0.01},
                                                  {11, 1.812, 0.1},
                                                  {31, 2.750, 0.01}}) {
    CAPTURE(n);
    const auto size = static_cast<double>(n);
    std::vector<double> values(n, 1.0);
    const double spread = std::sqrt(size * (size - 1) / 2) / t;
    values[0] += spread;
    values[1] -= spread;
    CHECK(student_test(values) == doctest::Approx(p).epsilon(2e-3));
  }
  const std::vector<double> one = {1}, same = {2, 2, 2}, zeros = {0, 0};
  CHECK(student_test(one) == 1);
  CHECK(student_test(same) == 0);
  CHECK(student_test(zeros) == 1);
}

TEST_CASE("Holm's adjustment, worked by hand") {
  // 4·0.005, 3·0.01, 2·0.03, and 0.04 lifted to the one before it.
  const std::vector<double> p = {0.01, 0.04, 0.03, 0.005};
  const auto adjusted = holm(p);
  const std::vector<double> want = {0.03, 0.06, 0.06, 0.02};
  REQUIRE(adjusted.size() == 4);
  for (std::size_t i = 0; i < want.size(); ++i) {
    CHECK(adjusted[i] == doctest::Approx(want[i]).epsilon(1e-12));
  }
  const std::vector<double> large = {0.7, 0.6}, none;
  CHECK(holm(large) == std::vector<double>{1, 1});
  CHECK(holm(none).empty());
}

TEST_CASE("Holm's adjustment is the closed test of all Bonferroni intersections") {
  // The definition it abbreviates: the largest min(1, |I|·min p) over the sets I that hold i.
  Rng draw(4, "p");
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> p(6);
    for (double& value : p) value = std::pow(draw.uniform(), 4);
    const auto adjusted = holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
      double want = 0;
      for (unsigned set = 1; set < 64; ++set) {
        if (!((set >> i) & 1)) continue;
        double least = 1;
        int members = 0;
        for (std::size_t j = 0; j < p.size(); ++j) {
          if (!((set >> j) & 1)) continue;
          least = std::min(least, p[j]);
          ++members;
        }
        want = std::max(want, std::min(1.0, members * least));
      }
      CHECK(adjusted[i] == doctest::Approx(want).epsilon(1e-12));
    }
  }
}

TEST_CASE("of models that do not differ, the sign-flip test calls 4 to 6 % different") {
  // Two models as good as each other, 300 common episodes of a shared difficulty each.
  const Rng rng(5, "level");
  const Accuracies accuracies(0.97, 0.04);
  int rejected = 0;
  constexpr int kTrials = 10000;
  std::vector<double> differences(300);
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    Rng draw = rng.at(trial);
    for (double& difference : differences) {
      const std::uint64_t bits = draw.bits();
      difference = accuracies.at(bits) - accuracies.at(bits >> 16);
    }
    rejected += sign_flip_test(differences, 999, trial).p <= 0.05;
  }
  CHECK(rejected >= 400);
  CHECK(rejected <= 600);
}

TEST_CASE("of methods that do not differ, the t-test over seeds calls 4 to 6 % different") {
  const Rng rng(6, "level");
  for (const std::size_t seeds : {std::size_t{3}, std::size_t{5}}) {
    CAPTURE(seeds);
    int rejected = 0;
    std::vector<double> differences(seeds);
    for (std::uint64_t trial = 0; trial < 10000; ++trial) {
      Rng draw = rng.at(trial, seeds);
      for (double& difference : differences) difference = draw.normal() - draw.normal();
      rejected += student_test(differences) <= 0.05;
    }
    CHECK(rejected >= 400);
    CHECK(rejected <= 600);
  }
}

TEST_CASE("of a table whose rows do not differ, Holm leaves a false claim in at most 6 %") {
  const Rng rng(7, "family");
  const Accuracies accuracies(0.9, 0.06);
  int wrong = 0;
  constexpr std::size_t kRows = 4, kEpisodes = 60;
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    Rng draw = rng.at(trial);
    std::vector<std::vector<double>> rows(kRows, std::vector<double>(kEpisodes));
    for (auto& row : rows) {
      for (double& value : row) value = accuracies.at(draw.bits());
    }
    std::vector<double> p;
    for (std::size_t a = 0; a < kRows; ++a) {
      for (std::size_t b = a + 1; b < kRows; ++b) {
        std::vector<double> differences(kEpisodes);
        for (std::size_t i = 0; i < kEpisodes; ++i) differences[i] = rows[a][i] - rows[b][i];
        p.push_back(sign_flip_test(differences, 999, trial).p);
      }
    }
    const auto adjusted = holm(p);
    wrong += *std::ranges::min_element(adjusted) <= 0.05;
  }
  CHECK(wrong <= 120);
  CHECK(wrong >= 20);  // the test can reject at all
}
