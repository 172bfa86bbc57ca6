#pragma once
#include <functional>
#include <span>
#include <vector>

#include "agent/actor_critic.hpp"
#include "control/environment.hpp"

namespace attune {

// What an agent saw, did and got in some trials of T steps.
struct Rollout {
  std::size_t trials = 0, steps = 0;
  Array x;                      // (B,T,F)
  Indices actions;              // (B·T)
  std::vector<double> rewards;  // (B·T)
  std::vector<float> log_p;     // (B·T): of the actions, when they were taken
  std::vector<float> values;    // (B·T): ActorCritic::Answers::values
  std::vector<float> advice;    // (B·T·A): what the teacher would do; empty without one
  double total(std::size_t trial) const;
};

// Whom to imitate, and how.
struct Teacher {
  std::shared_ptr<const Policy> policy;
  double parameter = 0;
  // Chances ∝ exp(score / temperature); 0: the best actions, all alike.
  double temperature = 0;
  double guided = 0;  // share of the trials that the teacher plays, not the agent
};

// Plays trials in lockstep, each action drawn from the policy; all chance is a pure function of
// (seed, task). `teacher` may be null.
Rollout roll_out(const ActorCritic& agent, const Params& params, const Environment& environment,
                 const Tasks& tasks, std::span<const std::uint64_t> numbers, std::uint64_t seed,
                 const Teacher* teacher);

// Told of each step: the place of its task among those played, the action, its log-probability.
using StepNote = std::function<void(std::size_t task, std::uint32_t action, double log_p)>;

// Sums of rewards when the most probable action is taken each time, or, if `sampled`, one drawn.
// Trials play in blocks of fixed size and place, so that a task's bits depend on no other. `note`
// is called by several threads, of one task by one of them and in order.
std::vector<double> play(const ActorCritic& agent, const Params& params,
                         const Environment& environment, const Tasks& tasks,
                         std::span<const std::uint64_t> numbers, std::uint64_t seed, bool sampled,
                         const StepNote& note = nullptr);

// Generalised advantage estimates of a trial from its rewards and values, both in rewards; after
// the last step nothing comes. Schulman et al. 2016, eq. 16.
std::vector<double> advantages(std::span<const double> rewards, std::span<const double> values,
                               double discount, double lambda);

}  // namespace attune
