#pragma once
#include "bench/rounds.hpp"
#include "learner/problem.hpp"
#include "train/settings.hpp"

namespace attune::bench {

// The loop of attune-train itself over a problem, from the weights of a file, with the clock
// between its steps; until stdin ends. `cycle`: numbers of episodes are taken modulo so many; 0: as
// they are.
void time_training(Problem& problem, Params start, const TrainSettings& settings, std::size_t cycle,
                   Rounds& rounds);

}  // namespace attune::bench
