#pragma once
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

}  // namespace attune::kernel
