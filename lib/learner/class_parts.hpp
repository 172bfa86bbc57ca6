#pragma once
#include "learner/learner.hpp"

namespace attune {

// Σ over the support items of each class; x (S,…), one row per item → (N,…).
Var class_sums(const Support& support, const Var& x);
// Their mean. Snell et al. 2017, eq. 1.
Var class_means(const Support& support, const Var& x);

}  // namespace attune
