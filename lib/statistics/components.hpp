#pragma once
#include <optional>
#include <vector>

namespace attune {

// Where the noise of a cell comes from: standard deviations of its parts, estimated from scores of
// several seeds on the same episodes by two-way analysis of variance without replication (mean
// squares equal to their expectations, negative variances set to 0; e.g. Searle et al. 1992, §4).
struct NoiseParts {
  // Between seeds: how the true means of trained models scatter. None with one seed.
  std::optional<double> seed;
  // Between episodes: how their difficulty, common to all seeds, scatters. With one seed the rest
  // is in it.
  double episode = 0;
  std::optional<double> rest;  // of one seed on one episode
};
// scores[seed][episode]. Error when there are fewer than two episodes or seeds differ in length.
NoiseParts noise_parts(const std::vector<std::vector<double>>& scores);

}  // namespace attune
