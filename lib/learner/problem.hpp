#pragma once
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "metric/calibration.hpp"
#include "nn/module.hpp"

namespace attune {

using Scores =
    std::map<std::string, double>;  // named metrics of one episode: "accuracy", "loss", …

// What one meta-batch asks of the weights.
struct Step {
  double loss = 0;
  std::vector<Array> gradients;  // in Params order; Reptile puts its own step here
  BufferUpdates updates;
};

// Scores episodes with fixed parameters; holds what can be computed once per model, e.g. every pool
// example encoded. May throw Stopped on a signal.
struct Evaluator {
  virtual ~Evaluator() = default;
  virtual std::vector<Scores> operator()(std::span<const std::uint64_t> episodes) = 0;
  // Of all answers so far; null where answers have no probabilities.
  virtual const Calibration* calibration() const { return nullptr; }
};

// A learner bound to its episodes: what `train` and `evaluate` work on. Knows nothing of files,
// loops and optimisers; the loop knows nothing of images, sentences or bandits. Episodes are
// numbers; episode e is a pure function of e.
struct Problem {
  virtual ~Problem() = default;
  virtual Params init(Rng& rng) const = 0;
  // The unit of work is a meta-batch: its episodes may share one convolution.
  virtual Step gradients(const Params& params, std::span<const std::uint64_t> episodes,
                         Context& context) = 0;
  virtual std::unique_ptr<Evaluator> evaluator(const Params& params) const = 0;
  // Steps that belong together (PPO's epochs over one rollout): checkpoints are taken between units
  // only.
  virtual std::size_t unit() const { return 1; }
};

}  // namespace attune
