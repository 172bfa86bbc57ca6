#pragma once
#include <memory>
#include <string>

#include "agent/history.hpp"
#include "control/environment.hpp"
#include "learner/problem.hpp"

namespace attune {

// Plays tasks of one environment; learns it, or not. Config: "kind": "learned" {"memory", "act"} or
// "policy" {"policy", "tune_tasks"}.
class Agent {
 public:
  virtual ~Agent() = default;
  virtual bool trained() const = 0;      // false: there is nothing to learn
  virtual std::string name() const = 0;  // "gru", "gittins": what it is called in tables
  // Plays `tasks`; scores "reward" alone. gradients() is refused where there is nothing to learn.
  virtual std::unique_ptr<Problem> tested(std::shared_ptr<const Tasks> tasks,
                                          std::uint64_t seed) const = 0;
  // Reads all of a "training" node, and does nothing with it.
  virtual void read_training(const Config& training) const = 0;
  // Learns on tasks of the stream "train" of the seed. `training` is the configuration's node.
  virtual std::unique_ptr<Problem> training(const Config& training, std::uint64_t seed,
                                            std::size_t batch, std::size_t steps) const = 0;
  // How it plays one task, and what it attends to meanwhile. Error when it attends to nothing.
  virtual History history(const Params& params, const Tasks& tasks, std::uint64_t number,
                          std::uint64_t seed) const = 0;
  virtual std::uint64_t work(const Params& params) const = 0;  // multiply-adds of a trial
};
// Reads all of the node.
std::shared_ptr<const Agent> make_agent(const Config& config,
                                        std::shared_ptr<const Environment> environment);

}  // namespace attune
