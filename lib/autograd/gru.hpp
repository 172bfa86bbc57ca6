#pragma once
#include "autograd/ops.hpp"

namespace attune {

// One step of a gated recurrent unit after its two products (array/gru.hpp), fused. projected and
// recurrent (B,3·H), bias (H), h (B,H) → (B,H).
Var gru_gates(const Var& projected, const Var& recurrent, const Var& bias, const Var& h);

}  // namespace attune
