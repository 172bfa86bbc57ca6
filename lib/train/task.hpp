#pragma once
#include <memory>
#include <string>

#include "base/config.hpp"
#include "learner/classification.hpp"
#include "train/settings.hpp"

namespace attune {

// A few-shot classification experiment's configuration, bound to its data. Keys: seed, split,
// learner, episodes {ways, shots, queries, distinct_groups, partitions}, augment, train. The
// configuration is read completely (unknown keys refused) before the pool is opened.
struct TaskConfig {
  std::uint64_t seed;
  std::string split;  // training classes: "train" or "train+val"
  EpisodeShape episodes;
  std::size_t partitions;  // see Classification
  Config learner;
  std::shared_ptr<const Augment> augment;
  TrainSettings train;

  explicit TaskConfig(const Config& root);
};

// The keys of an "episodes" node; what it leaves out is as in `defaults`.
EpisodeShape episode_shape(const Config& node, EpisodeShape defaults);

// Problems over one pool.
// text: of a pool of texts, what the model knows of its words.
std::shared_ptr<const Learner> make_learner(const Config& learner, const Pool& pool,
                                            std::shared_ptr<const TextInput> text = nullptr);
std::unique_ptr<Problem> training_problem(const TaskConfig& config,
                                          std::shared_ptr<const Learner> learner,
                                          std::shared_ptr<const Pool> pool);
// Frozen episodes; the file is checked against the pool. `mode` as classification_evaluator's.
std::unique_ptr<Problem> frozen_problem(std::shared_ptr<const Learner> learner,
                                        std::shared_ptr<const Pool> pool,
                                        std::shared_ptr<const EpisodeFile> file,
                                        Mode mode = Mode::evaluate);

}  // namespace attune
