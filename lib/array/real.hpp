#pragma once

namespace attune {

// The one number type of arrays: float in the tools, double in the library that the gradient checks
// link (ATTUNE_REAL_DOUBLE). One executable links one of the two.
#ifdef ATTUNE_REAL_DOUBLE
using Real = double;
#else
using Real = float;
#endif

}  // namespace attune
