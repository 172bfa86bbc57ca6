#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "draw/drawing.hpp"

namespace attune {

// One task of control as an agent played it, step by step, and what in its own past it attended to.
struct TrialView {
  struct Step {
    std::uint32_t action;
    double chance;  // of the action under the agent's policy
    double reward;
    std::optional<std::uint32_t> place;  // the state it was taken in, where there are several
    bool begins;                         // an episode of the task begins
  };
  // (T,T): in row t what was attended to before step t; column 0 is the start, where nothing had
  // been done, column s what step s − 1 gave.
  struct Map {
    std::string name;
    std::vector<double> weights;
  };
  std::string title, subtitle;
  std::vector<std::string> action_name;
  std::vector<Step> steps;  // at least one
  std::vector<Map> maps;    // at least one
};

// From top to bottom: title, actions, what was done and what it paid over time (with the states,
// and lines where episodes begin), then one square for each map. Down a square: the step that
// looks; across: the step whose outcome it looks at, in the colour of its action, the darker the
// nearer its weight is to the largest of the row. The first column, in grey, is the start, where
// nothing had been done.
Drawing draw_trial(const TrialView& view);

// For reading in a terminal: a line for each step with the action, its chance and its reward, then
// one bar for each earlier step, as high as its share of the row's largest weight, and the step
// that has it; of the mean of all maps.
std::string to_terminal(const TrialView& view, bool colour);

}  // namespace attune
