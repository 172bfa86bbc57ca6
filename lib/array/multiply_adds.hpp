#pragma once
#include <cstdint>

namespace attune {

// Multiply-adds of matrix products and convolutions, zeros of the padding included: what the
// kernels have done so far for this thread, the blocks of its parallel_for among it. A property of
// the shapes: the same at any number of threads. The difference of two readings is the work
// between.
std::uint64_t multiply_adds();

namespace kernel {

// One call of a kernel.
void count_multiply_adds(std::uint64_t number);

}  // namespace kernel
}  // namespace attune
