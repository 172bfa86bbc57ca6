#pragma once
#include <vector>

#include "array/array.hpp"

namespace attune::kernel {

// What a gated recurrent unit does between its two products (nn/gru.hpp), in one pass.
struct GruGates {
  Array next;   // h' (B,H)
  Array gates;  // (B,4·H): r, z, n, and h·R_n + c, for the gradient
};
// projected and recurrent (B,3·H), the gates in the order r, z, n; bias c (H), h (B,H):
//   r, z = σ(projected + recurrent),  n = tanh(projected + r∘(recurrent + c)),  h' = n + z∘(h − n).
// Error names the shapes that don't fit.
GruGates gru_gates(const Array& projected, const Array& recurrent, const Array& bias,
                   const Array& h);

struct GruGatesGrad {
  Array projected, recurrent, bias, h;
};
// Gradients of Σ g·h', g (B,H).
GruGatesGrad gru_gates_grad(const Array& gates, const Array& h, const Array& g);

// Such steps over sequences, each after the product h·R: projected (B,T,3·H), recurrent R (H,3·H),
// start (B,H); `back`: from the last step to the first. `present`, when given, (B,T): where it is 0
// h stays what it was, and what stands there is not looked at.
struct GruSequence {
  Array each;                // h after each step, at the step's place, (B,T,H); 0 where none is
  std::vector<Array> h;      // before each step, in the order taken, (B,H)
  std::vector<Array> gates;  // GruGates::gates, in the order taken
};
GruSequence gru_sequence(const Array& projected, const Array& recurrent, const Array& bias,
                         const Array& start, bool back, const Array* present = nullptr);
// Gradients of Σ g·each, g (B,T,H); `h` of it is that of the start.
GruGatesGrad gru_sequence_grad(const GruSequence& forward, const Array& recurrent, const Array& g,
                               bool back, const Array* present = nullptr);

}  // namespace attune::kernel
