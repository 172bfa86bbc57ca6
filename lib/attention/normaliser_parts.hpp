#pragma once
#include "attention/attention.hpp"

namespace attune {

// scores, −inf where the mask forbids.
Var masked(const Var& scores, const Mask& mask);

// 1 at each row's first maximum, else 0; zeros for a row that is all −inf; NaN where the maximum
// is.
Array at_first_maximum(const Array& scores);

// The value of `hard` with the gradient of `soft` (Bengio et al. 2013), to every order.
Var straight_through(const Array& hard, const Var& soft);

}  // namespace attune
