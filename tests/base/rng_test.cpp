#include "base/rng.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/error.hpp"

using namespace attune;

namespace {

double chi_square(const std::vector<double>& seen, double expected) {
  double sum = 0;
  for (const double count : seen) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

// Upper 1e-6 point of the chi-square law (Wilson and Hilferty 1931).
double chi_square_limit(double freedom) {
  const double third = 2 / (9 * freedom);
  return freedom * std::pow(1 - third + 4.753 * std::sqrt(third), 3);
}

}  // namespace

TEST_CASE("Philox4x64-10 gives the published vectors") {
  struct Known {
    Rng::Counter counter;
    Rng::Key key;
    Rng::Counter answer;
  };
  constexpr std::uint64_t kOnes = ~0ULL;
  const Known known[] = {
      {{0, 0, 0, 0},
       {0, 0},
       {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
      {{kOnes, kOnes, kOnes, kOnes},
       {kOnes, kOnes},
       {0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
      {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
       {0x452821e638d01377, 0xbe5466cf34e90c6c},
       {0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}}};
  for (const Known& test : known) CHECK(Rng::philox4x64_10(test.counter, test.key) == test.answer);
}

TEST_CASE("addresses stand for the same draws for ever") {
  // From an independent implementation: frozen episodes and committed results rest on these.
  Rng rng(7, "episodes", 3, 5);
  const std::uint64_t wanted[] = {0xbfca01f8ed6b170f, 0xcfc6bd92bbca55a1, 0xf0c46411cc845854,
                                  0x405abaa69a2ee463, 0xc1a1b88de9bdeea2, 0xe6a93f1dadc00163};
  for (const std::uint64_t bits : wanted) CHECK(rng.bits() == bits);
  CHECK(rng.fork("noise").bits() == 0xec4c535d550b4c8a);
  CHECK(rng.at(3, 5).bits() == wanted[0]);
}

TEST_CASE("streams, seeds, steps and indices are apart") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    seen.insert(Rng(1, "a", i).bits());
    seen.insert(Rng(1, "a", 0, i + 1).bits());
    seen.insert(Rng(i + 2, "a").bits());
    seen.insert(Rng(1, "b" + std::to_string(i)).bits());
    seen.insert(Rng(1, "a").fork("b" + std::to_string(i)).bits());
  }
  CHECK(seen.size() == 5000);
}

TEST_CASE("below is uniform, also where a plain remainder or product is not") {
  Rng rng(2, "below");
  for (const std::uint64_t bound : {2ULL, 3ULL, 10ULL, 97ULL}) {
    std::vector<double> seen(bound);
    for (int i = 0; i < 100000; ++i) ++seen[rng.below(bound)];
    CHECK(chi_square(seen, 1e5 / static_cast<double>(bound)) <
          chi_square_limit(static_cast<double>(bound - 1)));
  }
  constexpr std::uint64_t kLarge = 3ULL << 62U;  // without rejection every third value comes twice
  std::vector<double> thirds(3), ranges(3);
  for (int i = 0; i < 60000; ++i) {
    const std::uint64_t value = rng.below(kLarge);
    REQUIRE(value < kLarge);
    ++thirds[value % 3];
    ++ranges[value >> 62U];
  }
  CHECK(chi_square(thirds, 20000) < chi_square_limit(2));
  CHECK(chi_square(ranges, 20000) < chi_square_limit(2));
  CHECK(rng.below(1) == 0);
  CHECK_THROWS_AS(rng.below(0), Error);
}

TEST_CASE("uniform numbers fill [0, 1) evenly and stay in their range") {
  Rng rng(3, "uniform");
  std::vector<double> seen(100);
  double serial = 0, last = 0.5;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double value = rng.uniform();
    REQUIRE(value >= 0);
    REQUIRE(value < 1);
    ++seen[static_cast<std::size_t>(value * 100)];
    serial += (value - 0.5) * (last - 0.5);
    last = value;
  }
  CHECK(chi_square(seen, kDraws / 100.0) < chi_square_limit(99));
  CHECK(std::abs(serial / kDraws) < 5.0 / 12 / std::sqrt(kDraws));
  const double next = std::nextafter(1.0, 2.0);
  for (int i = 0; i < 1000; ++i) CHECK(rng.uniform(1.0, next) == 1.0);
}

TEST_CASE("normal numbers follow the normal law") {
  constexpr std::size_t kDraws = 200000;
  Rng rng(4, "normal");
  std::vector<double> draws(kDraws);
  for (double& value : draws) value = rng.normal();
  std::sort(draws.begin(), draws.end());
  double moments[4] = {}, gap = 0;
  for (std::size_t i = 0; i < kDraws; ++i) {
    for (int m = 0; m < 4; ++m) moments[m] += std::pow(draws[i], m + 1) / kDraws;
    const double expected = std::erfc(-draws[i] / std::sqrt(2.0)) / 2;
    gap = std::max(gap, std::abs(expected - (static_cast<double>(i) + 0.5) / kDraws));
  }
  const double root = std::sqrt(static_cast<double>(kDraws));
  CHECK(std::abs(moments[0]) < 5 / root);
  CHECK(std::abs(moments[1] - 1) < 5 * std::sqrt(2.0) / root);
  CHECK(std::abs(moments[2]) < 5 * std::sqrt(15.0) / root);
  CHECK(std::abs(moments[3] - 3) < 5 * std::sqrt(96.0) / root);
  CHECK(gap < 2.0 / root);  // Kolmogorov–Smirnov, level 7e-4
}

TEST_CASE("bernoulli keeps its probability, and 0 and 1 are certain") {
  Rng rng(5, "bernoulli");
  double hits = 0;
  for (int i = 0; i < 100000; ++i) hits += rng.bernoulli(0.3);
  CHECK(std::abs(hits - 30000) < 5 * std::sqrt(21000.0));
  for (int i = 0; i < 1000; ++i) {
    CHECK_FALSE(rng.bernoulli(0));
    CHECK(rng.bernoulli(1));
  }
}

TEST_CASE("shuffle makes each order equally often") {
  std::map<std::vector<std::uint32_t>, double> seen;
  Rng rng(6, "shuffle");
  for (int i = 0; i < 48000; ++i) {
    std::vector<std::uint32_t> items{0, 1, 2, 3};
    rng.shuffle(items);
    ++seen[items];
  }
  std::vector<double> counts;
  for (const auto& [order, count] : seen) counts.push_back(count);
  REQUIRE(counts.size() == 24);
  CHECK(chi_square(counts, 2000) < chi_square_limit(23));
}

TEST_CASE("choose takes different numbers, each ordered pair equally often") {
  std::map<std::vector<std::uint32_t>, double> seen;
  Rng rng(7, "choose");
  for (int i = 0; i < 40000; ++i) ++seen[rng.choose(5, 2)];
  std::vector<double> counts;
  for (const auto& [pair, count] : seen) {
    CHECK(pair[0] != pair[1]);
    counts.push_back(count);
  }
  REQUIRE(counts.size() == 20);
  CHECK(chi_square(counts, 2000) < chi_square_limit(19));
}

TEST_CASE("choose is the start of a Fisher-Yates walk over the whole list") {
  for (std::uint64_t step = 0; step < 50; ++step) {
    Rng rng(8, "walk", step), other(8, "walk", step);
    std::vector<std::uint32_t> all(100);
    std::iota(all.begin(), all.end(), 0U);
    for (std::size_t i = 0; i < 40; ++i) std::swap(all[i], all[i + other.below(100 - i)]);
    all.resize(40);
    CHECK(rng.choose(100, 40) == all);
  }
  std::vector<std::uint32_t> whole = Rng(9, "whole").choose(1000, 1000);
  std::sort(whole.begin(), whole.end());
  for (std::uint32_t i = 0; i < 1000; ++i) REQUIRE(whole[i] == i);
  CHECK(Rng(9, "none").choose(0, 0).empty());
  CHECK_THROWS_AS(Rng(9, "many").choose(3, 4), Error);
  CHECK_THROWS_AS(Rng(9, "wide").choose((1ULL << 32U) + 1, 1), Error);
}
