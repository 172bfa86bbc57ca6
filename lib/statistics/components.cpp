#include "statistics/components.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.hpp"
#include "statistics/interval.hpp"

namespace attune {

namespace {

double square(double value) { return value * value; }

double deviation(double variance) { return std::sqrt(std::max(0.0, variance)); }

double squares_about(const std::vector<double>& values, double mean) {
  double sum = 0;
  for (const double value : values) sum += square(value - mean);
  return sum;
}

}  // namespace

NoiseParts noise_parts(const std::vector<std::vector<double>>& scores) {
  const std::size_t seeds = scores.size(), episodes = seeds ? scores.front().size() : 0;
  if (episodes < 2) {
    throw Error("noise parts: want at least 2 episodes, have " + std::to_string(episodes));
  }
  std::vector<double> seed_means, episode_means(episodes, 0.0);
  for (const auto& seed : scores) {
    if (seed.size() != episodes) {
      throw Error("noise parts: want equally many episodes of all seeds, have " +
                  std::to_string(episodes) + " and " + std::to_string(seed.size()));
    }
    seed_means.push_back(mean_interval(seed).mean);
    for (std::size_t e = 0; e < episodes; ++e) {
      episode_means[e] += seed[e] / static_cast<double>(seeds);
    }
  }
  const auto s = static_cast<double>(seeds), n = static_cast<double>(episodes);
  const double mean = mean_interval(seed_means).mean;
  const double episode_square = s * squares_about(episode_means, mean) / (n - 1);
  if (seeds == 1) return {{}, deviation(episode_square), {}};
  double rest = 0;
  for (std::size_t i = 0; i < seeds; ++i) {
    for (std::size_t e = 0; e < episodes; ++e) {
      rest += square(scores[i][e] - seed_means[i] - episode_means[e] + mean);
    }
  }
  const double rest_square = rest / ((s - 1) * (n - 1));
  const double seed_square = n * squares_about(seed_means, mean) / (s - 1);
  return {deviation((seed_square - rest_square) / n), deviation((episode_square - rest_square) / s),
          deviation(rest_square)};
}

}  // namespace attune
