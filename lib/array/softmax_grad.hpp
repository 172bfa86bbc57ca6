#pragma once
#include "array/array.hpp"

namespace attune::kernel {

// Gradient of Σ g·y of y = softmax(x): y·g − y·Σ y·g of each row, in one pass. With the bits of the
// ops it is composed of.
Array softmax_grad(const Array& g, const Array& y);

}  // namespace attune::kernel
