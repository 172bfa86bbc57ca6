#include "statistics/components.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "base/rng.hpp"

using namespace attune;

TEST_CASE("parts of the noise of a table worked by hand") {
  // Rows 1 2 3 and 3 4 8: means 2 and 5; columns 2, 3, 5.5; all 3.5. Mean squares: seeds
  // 3·(1.5²+1.5²)/1 = 13.5; episodes 2·(1.5²+0.5²+2²)/2 = 6.5; residuals ±0.5, ±0.5, ∓1: 3/2 = 1.5.
  const NoiseParts parts = noise_parts({{1, 2, 3}, {3, 4, 8}});
  CHECK(*parts.seed == doctest::Approx(std::sqrt((13.5 - 1.5) / 3)));
  CHECK(parts.episode == doctest::Approx(std::sqrt((6.5 - 1.5) / 2)));
  CHECK(*parts.rest == doctest::Approx(std::sqrt(1.5)));
}

TEST_CASE("one seed has the standard deviation of its episodes and no more") {
  const NoiseParts parts = noise_parts({{1, 2, 3, 4, 5}});
  CHECK(!parts.seed);
  CHECK(!parts.rest);
  CHECK(parts.episode == doctest::Approx(std::sqrt(2.5)));
}

TEST_CASE("a variance that comes out negative is none") {
  // Seeds with equal means, though they differ on every episode.
  const NoiseParts parts = noise_parts({{1, 2, 1, 2}, {2, 1, 2, 1}});
  CHECK(*parts.seed == 0);
  CHECK(parts.episode == 0);
  CHECK(*parts.rest > 0);
}

TEST_CASE("known noise is found again, each part apart from the others") {
  const Rng rng(8, "parts");
  constexpr std::size_t kSeeds = 5, kEpisodes = 1000, kTrials = 200;
  double seed = 0, episode = 0, rest = 0;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    Rng draw = rng.at(trial);
    std::vector<double> difficulty(kEpisodes);
    for (double& value : difficulty) value = 3 * draw.normal();
    std::vector<std::vector<double>> scores(kSeeds, difficulty);
    for (auto& row : scores) {
      const double offset = 0.5 * draw.normal();
      for (double& value : row) value += offset + 2 * draw.normal();
    }
    const NoiseParts parts = noise_parts(scores);
    seed += *parts.seed * *parts.seed / kTrials;
    episode += parts.episode * parts.episode / kTrials;
    rest += *parts.rest * *parts.rest / kTrials;
  }
  CHECK(std::sqrt(seed) == doctest::Approx(0.5).epsilon(0.1));
  CHECK(std::sqrt(episode) == doctest::Approx(3).epsilon(0.01));
  CHECK(std::sqrt(rest) == doctest::Approx(2).epsilon(0.01));
}

TEST_CASE("what is no table is refused") {
  CHECK_THROWS_AS(noise_parts({}), Error);
  CHECK_THROWS_AS(noise_parts({{1}}), Error);
  CHECK_THROWS_AS(noise_parts({{1, 2}, {1}}), Error);
}
