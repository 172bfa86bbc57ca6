#pragma once
#include "autograd/ops.hpp"

namespace attune {

// softmax over the last axis where `allowed` is not 0, and 0 elsewhere: softmax(where(allowed, x,
// −∞)), in one kernel each way (array/masked_softmax.hpp); only its second derivative is composed.
// allowed: as long as x in the last axis, the other axes broadcast to x's.
Var masked_softmax(const Var& x, const Array& allowed);

}  // namespace attune
