#pragma once
#include "autograd/ops.hpp"

namespace attune {

// Which way a recurrent layer reads a sequence: from its first step to its last, or back.
enum class Direction { forward, backward };

// The steps of x (B,T,F) as T times (B,F). The gradient costs T·log T, not T² as that of T slices.
Vars steps_of(const Var& x);

// Column t of (B,T) as (B,1).
Array column(const Array& present, std::size_t t);

// Error unless `present` is null or (B,T) for x (B,T,F), and x has a step; `layer` for the message.
void check_steps(const char* layer, const Var& x, const Array* present);

}  // namespace attune
