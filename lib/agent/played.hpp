#pragma once
#include <memory>

#include "agent/actor_critic.hpp"
#include "control/environment.hpp"
#include "learner/problem.hpp"

namespace attune {

// Scores tasks by their sum of rewards, "reward", played by the agent.
std::unique_ptr<Evaluator> played(std::shared_ptr<const ActorCritic> agent,
                                  std::shared_ptr<const Environment> environment,
                                  std::shared_ptr<const Tasks> tasks, const Params& params,
                                  std::uint64_t seed, bool sampled);

// What an evaluator gives for sums of rewards.
std::vector<Scores> reward_scores(const std::vector<double>& totals);

}  // namespace attune
