#pragma once

namespace attune {

// Makes sure that OpenBLAS has a buffer for each of `threads` threads that call it at once. It
// takes its buffers of 128 MiB of address space when they are first wanted, and where there is no
// room it asks again for ever. Buffers take no memory until they are used. Cheap to call again.
// Throws Error where the address space is too small (ulimit -v).
void reserve_blas_buffers(int threads);

}  // namespace attune
