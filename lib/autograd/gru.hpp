#pragma once
#include "autograd/ops.hpp"

namespace attune {

// One step of a gated recurrent unit after its two products (array/gru.hpp), fused. projected and
// recurrent (B,3·H), bias (H), h (B,H) → (B,H).
Var gru_gates(const Var& projected, const Var& recurrent, const Var& bias, const Var& h);

// Such steps over sequences, each after its product with recurrent (H,3·H), fused; projected
// (B,T,3·H), start (B,H) → h after each step (B,T,H). `back`: from the last step to the first.
// `present`, when given, (B,T): where it is 0 h stays what it was, and the output is 0.
Var gru_sequence(const Var& projected, const Var& recurrent, const Var& bias, const Var& start,
                 bool back, const Array* present = nullptr);

}  // namespace attune
