#pragma once
#include "array/array.hpp"

namespace attune::kernel {

// One step of Adam (Kingma & Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov & Hutter
// 2019, algorithm 2) on as many weights, gradients and moments.
struct AdamStep {
  Real beta1, rest1, beta2, rest2;  // decay of the moments, and 1 − it
  Real rate;                        // divided by 1 − β₁ᵗ
  Real root_scale;                  // 1/√(1 − β₂ᵗ)
  Real epsilon;
  Real keep;  // what weight decay leaves
};
void adam(const AdamStep& step, const Array& gradient, Array& weight, Real* mean, Real* square);

}  // namespace attune::kernel
