#pragma once
#include "array/array.hpp"

namespace attune::kernel {

// softmax(x) over the last axis where `allowed` is not 0, and 0 elsewhere; a row that allows
// nothing gives zeros. allowed: as long as x in the last axis, the other axes broadcast to x's.
Array masked_softmax(const Array& x, const Array& allowed);

}  // namespace attune::kernel
