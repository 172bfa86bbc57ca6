#pragma once
#include "autograd/ops.hpp"

namespace attune {

// What ridge regression from x (S,D) solves: XXᵀ + λ'I (S,S) by items, or XᵀX + λ'I (D,D), with
// λ' = exp(log_lambda) + 1e-5·ΣX², so that it can be factorised in float whatever λ becomes.
// Bertinetto et al. 2019, eq. 4 and 6.
Var ridge_system(const Var& x, const Var& log_lambda, bool by_items);

}  // namespace attune
