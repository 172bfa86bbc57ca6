#include "control/gittins.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "control/bandit_optimum.hpp"

using namespace attune;

TEST_CASE("Gittins indices are those of the book") {
  struct Entry {
    std::uint32_t wins, losses;
    double discount, value;
  };
  // Gittins, Glazebrook & Weber 2011, §8.4: Beta(1,1), Beta(2,1) and Beta(1,2).
  for (const Entry& entry :
       {Entry{0, 0, 0.9, 0.7029}, Entry{0, 0, 0.95, 0.7614}, Entry{0, 0, 0.99, 0.8699},
        Entry{1, 0, 0.9, 0.8002}, Entry{1, 0, 0.95, 0.8382}, Entry{1, 0, 0.99, 0.9103},
        Entry{0, 1, 0.9, 0.5002}, Entry{0, 1, 0.95, 0.5602}, Entry{0, 1, 0.99, 0.7007}}) {
    const GittinsIndex index = gittins_index(entry.wins, entry.losses, entry.discount);
    CAPTURE(entry.wins);
    CAPTURE(entry.discount);
    CHECK(std::abs(index.value - entry.value) < 1e-3);
    CHECK(index.half_width <= 1e-9);
  }
}

TEST_CASE("the table agrees with bisection") {
  const GittinsTable table(12, 0.95);
  for (const auto& [wins, losses] : {std::pair(0u, 0u), {1u, 0u}, {0u, 1u}, {5u, 2u}, {3u, 9u}}) {
    CAPTURE(wins);
    CAPTURE(losses);
    CHECK(std::abs(table(wins, losses) - gittins_index(wins, losses, 0.95).value) < 5e-6);
  }
}

TEST_CASE("the index lies above the mean, and far pulls raise it") {
  const FiniteHorizonTable table(20);
  for (std::uint32_t wins = 0; wins < 4; ++wins)
    for (std::uint32_t losses = 0; losses < 4; ++losses) {
      const double mean = (1.0 + wins) / (2.0 + wins + losses);
      double before = 0;
      for (std::uint32_t left = 1; left + wins + losses <= 20; ++left) {
        const double index = table(wins, losses, left);
        CHECK(index >= before - 1e-9);
        if (left == 1) CHECK(index == doctest::Approx(mean).epsilon(1e-9));
        before = index;
      }
      CHECK(before > mean);
    }
  for (const auto& [wins, losses, left] :
       {std::tuple(0u, 0u, 2u), {0u, 0u, 20u}, {2u, 1u, 9u}, {1u, 6u, 13u}})
    CHECK(std::abs(table(wins, losses, left) - FiniteHorizonTable::index(wins, losses, left)) <
          5e-6);
}

TEST_CASE("of one uncertain arm and two pulls the index is known in closed form") {
  // λ = p(1 + p₁)/(1 + p) with p = 1/2, p₁ = 2/3: exploring once, staying after a win.
  CHECK(FiniteHorizonTable::index(0, 0, 2) == doctest::Approx(5.0 / 9).epsilon(1e-8));
}
