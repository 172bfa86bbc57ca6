#pragma once
#include "nn/module.hpp"

namespace attune {

// average ← average + share·(params − average), weights and buffers, in place; share in [0, 1].
// An exponential average of the weights along training; Polyak & Juditsky 1992 average uniformly.
// Error when names or shapes differ.
void move_towards(Params& average, const Params& params, double share);

}  // namespace attune
