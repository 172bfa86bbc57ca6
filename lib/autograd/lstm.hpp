#pragma once
#include "autograd/ops.hpp"

namespace attune {

// One step of long short-term memory after its products (array/lstm.hpp), fused: z (B,4·H),
// c (B,H) → h' and c' side by side (B,2·H).
Var lstm_gates(const Var& z, const Var& c);

}  // namespace attune
