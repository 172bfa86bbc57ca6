#pragma once
#include <memory>
#include <optional>

#include "agent/rollout.hpp"
#include "learner/problem.hpp"

namespace attune {

// Proximal policy optimisation (Schulman et al. 2017), by whole trials.
struct PpoSettings {
  explicit PpoSettings(const Config& config);
  std::size_t epochs;       // over one rollout
  std::size_t minibatches;  // of a rollout; each has the batch's number of trials
  double clip, discount, lambda, entropy;
};

// How an agent learns. Config: "kind": "imitation", "ppo", or "imitation_ppo", which imitates for
// the first "share" of all steps; "imitation" {"teacher", "temperature", "guided", "tune_tasks"},
// "ppo" {"epochs", "minibatches", "clip", "discount", "lambda", "entropy"}, "value_weight".
struct AgentTraining {
  AgentTraining(const Config& config, const Environment& environment);
  std::optional<Teacher> teacher;
  std::optional<PpoSettings> ppo;
  std::size_t tune_tasks = 0;  // that a free parameter of the teacher is tuned on
  double share = 1;            // of the steps that imitate
  double value_weight;         // of the value's squared error beside the policy's loss
};

// Bound to the tasks of the stream "train" of the seed. A meta-batch is so many tasks; the actions
// are the agent's own, drawn from its policy, but in guided trials, which the teacher plays. PPO
// rolls out at the first step of a unit and goes through the rollout in the others.
std::unique_ptr<Problem> agent_training(std::shared_ptr<const ActorCritic> agent,
                                        std::shared_ptr<const Environment> environment,
                                        AgentTraining how, std::uint64_t seed, std::size_t batch,
                                        std::size_t steps, bool sampled);

}  // namespace attune
