#pragma once
#include <memory>

#include "autograd/ops.hpp"

namespace attune {

using Positions = std::shared_ptr<const Indices>;  // as many as values: worth sharing

// Values of x at flat positions, in the given shape; and its adjoint, which adds.
Var pick(const Var& x, const Positions& positions, const Shape& shape);
Var unpick(const Var& g, const Positions& positions, const Shape& shape);

// g where y > 0, else 0; y carries no gradient.
Var pass_positive(const Var& g, const Var& y);

}  // namespace attune
