#pragma once
#include <string>

#include "bench/rounds.hpp"

namespace attune::bench {

// Agents that learn bandits of 5 arms by PPO, 4 epochs over rollouts of 1,024 trials played side by
// side: a step is one epoch, the first of four plays first. Cases: "gru10", "gru100",
// "transformer10", "transformer100", by the pulls of a trial.
bool is_agent_case(const std::string& name);

// Writes the weights to start from, gru-start.h5 and transformer-start.h5, and, so that others can
// play the same luck, agents10.h5 and agents100.h5 with the first rollouts' /arms (tasks,5), /tape
// (tasks,5,pulls), which pays where it is below the arm's chance, /chance (tasks,pulls), by which
// actions are drawn, and /order (rollouts,4,1024), of the trials in each epoch.
void write_agent_data(const std::string& folder);

void time_agent(const std::string& folder, const std::string& name, Rounds& rounds);

}  // namespace attune::bench
