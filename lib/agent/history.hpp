#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/actor_critic.hpp"
#include "control/environment.hpp"

namespace attune {

// One task as an agent played it, and what the agent attended to before each step. What is seen
// before step t is what step t − 1 gave; before the first, nothing: column t of a map is therefore
// about step t − 1, and column 0 about the start.
struct History {
  struct Step {
    std::uint32_t action;
    double chance;  // of the action under the agent's policy
    double reward;
    std::optional<std::uint32_t> place;  // the state it was taken in, where there are several
    bool begins;                         // an episode of the task begins
  };
  std::uint64_t number = 0;  // of the task
  std::vector<Step> steps;
  std::vector<HistoryMaps::Map> maps;  // weights (T,T): row t over columns up to t
  double total() const;                // sum of rewards
};

// The same actions as play() of the same task. `maps` is empty for a memory without attention.
History watch(const ActorCritic& agent, const Params& params, const Environment& environment,
              const Tasks& tasks, std::uint64_t number, std::uint64_t seed, bool sampled);

}  // namespace attune
