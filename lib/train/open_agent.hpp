#pragma once
#include <memory>
#include <string>

#include "agent/agent.hpp"
#include "base/rows.hpp"
#include "train/model.hpp"

namespace attune {

// A trained agent, or a policy, with the frozen tasks that it is to be tested on.
struct OpenAgent {
  Model model;
  Config config;  // the model's
  std::shared_ptr<const Environment> environment;
  std::shared_ptr<const Agent> agent;
  std::shared_ptr<const Tasks> tasks;
  std::string hash, split;  // of the tasks' file
  Params params;
};
// Error when a file can't be read, they don't belong together, or the model is of another family.
OpenAgent open_agent(const ModelFile& model, const std::string& tasks);

// The environment of a training's configuration.
std::shared_ptr<const Environment> read_environment(const Config& root);
// Frozen tasks of a file; Error when there are none.
TaskFile open_tasks(const std::string& path, const Environment& environment);

// A line for each step and each earlier one, for each map: task, map, step (from 1), state, does,
// pays, past (the earlier step; 0: the start), past_state (in which what it gave is seen),
// past_does, past_pays, weight; "-" where there is nothing to tell. Numbers of states and actions
// are from 1.
Rows history_rows(const OpenAgent& open, const History& history);

}  // namespace attune
