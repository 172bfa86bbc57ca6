#pragma once
#include <string>

#include "learner/problem.hpp"
#include "train/settings.hpp"
#include "train/state.hpp"

namespace attune {

// What a run works on; nothing here knows images, sentences or bandits.
struct TrainRun {
  Problem* training = nullptr;
  const Problem* validation = nullptr;  // none: the last weights are kept
  std::size_t validation_episodes = 0;  // numbers 0 … n−1
  std::uint64_t seed = 0;
  std::string state_path;          // checkpoint; empty: none is written
  RunIdentity identity;            // what its checkpoints belong to
  double checkpoint_seconds = 30;  // also after every validation and on SIGINT, SIGTERM, SIGUSR1
  bool quiet = false;              // no progress on the terminal
};

// What a run gives.
struct TrainOutcome {
  Params params;           // best on validation, or last
  bool validated = false;  // whether validation chose them
  double best_score = 0;   // validation mean of the chosen metric
  std::size_t best_step = 0;
  std::string log;  // JSON lines: step, loss, rate, validation means; no times
  double seconds = 0;
  std::vector<TrainState::Validated> curve;  // every validation, and the seconds of steps until it
  std::uint64_t multiply_adds = 0;  // of the last step that this process took, validation apart
};

// Meta-training: optimiser, schedule, clipping, weight average, validation, checkpoints. The same
// bits at any thread count and after any kill and resume. Error when the loss or a gradient is not
// finite (names the step; the last checkpoint stays). Stopped (cli.hpp) after a checkpoint when a
// signal asked for it.
TrainOutcome meta_train(const TrainSettings& settings, const TrainRun& run);

// Mean of every score over episodes 0 … n−1, in fixed blocks of 256 episodes. Stopped on a signal.
Scores mean_scores(const Problem& problem, const Params& params, std::size_t episodes);

}  // namespace attune
