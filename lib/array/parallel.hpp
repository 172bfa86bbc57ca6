#pragma once
#include <cstddef>
#include <functional>

namespace attune {

// Threads of all kernels together. BLAS and oneDNN run single-threaded below it.
void set_threads(int threads);  // ≥ 1
int threads();

namespace kernel {

// Runs body(block) for block = 0 … blocks-1, each exactly once, on up to threads() threads. The
// number of blocks must not depend on the number of threads; each block writes memory of its own,
// and sums over blocks are added by the caller in block order: then the bits are the same at any
// thread count.
void parallel_for(std::size_t blocks, const std::function<void(std::size_t block)>& body);

}  // namespace kernel
}  // namespace attune
