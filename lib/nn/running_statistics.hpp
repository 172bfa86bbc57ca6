#pragma once
#include "nn/module.hpp"

namespace attune {

// buffer ← (1 − momentum)·buffer + momentum·batch value, for each update; momentum 0.1 as usual.
// Error when params has no such buffer or the shapes differ.
void apply_updates(Params& params, const BufferUpdates& updates, double momentum);

}  // namespace attune
