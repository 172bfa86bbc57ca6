#pragma once
#include "array/array.hpp"

namespace attune::kernel {

// Rows of x (…,D) over their deviation: y = (x − centre)/√(mean((x − centre)²) + eps)·gamma + beta;
// centre (…,1), gamma, beta (D). One pass, with the bits of the ops it is composed of.
struct LayerNorm {
  Array y;
  Array deviation;  // (…,1): the root
};
LayerNorm layer_norm(const Array& x, const Array& centre, const Array& gamma, const Array& beta,
                     Real eps);

// Gradients of Σ g·y, the deviation a function of x and centre.
struct LayerNormGrad {
  Array x, centre, gamma, beta;
};
LayerNormGrad layer_norm_grad(const Array& g, const Array& x, const Array& centre,
                              const Array& deviation, const Array& gamma);

}  // namespace attune::kernel
