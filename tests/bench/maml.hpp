#pragma once
#include <string>

#include "bench/rounds.hpp"
#include "nn/module.hpp"

namespace attune::bench {

Params maml_init(Rng& rng);

// Second-order MAML (Finn et al. 2017, algorithm 1) with Conv-4-64 and a linear layer on
// meta-batches of 4 episodes; batch statistics throughout, Adam outside.
void time_maml(const std::string& folder, std::size_t inner_steps, Rounds& rounds);

}  // namespace attune::bench
