#pragma once
#include "array/array.hpp"

namespace attune::kernel {

// What a step of long short-term memory does after its products (nn/lstm.hpp), in one pass.
struct LstmGates {
  Array state;  // (B,2·H): h', c'
  Array gates;  // (B,5·H): i, f, g, o, and tanh c', for the gradient
};
// z (B,4·H), the gates in the order i, f, g, o; c (B,H):
//   i, f, o = σ(z_i, z_f, z_o),  g = tanh(z_g),  c' = f∘c + i∘g,  h' = o∘tanh(c').
// Error names the shapes that don't fit.
LstmGates lstm_gates(const Array& z, const Array& c);

struct LstmGatesGrad {
  Array z, c;
};
// Gradients of Σ slope·state, slope (B,2·H).
LstmGatesGrad lstm_gates_grad(const Array& gates, const Array& c, const Array& slope);

}  // namespace attune::kernel
