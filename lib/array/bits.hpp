#pragma once
#include <string>

namespace attune {

// The class of processors whose bits this process computes: "avx512", "avx2" or "base", when
// OpenBLAS and oneDNN use the same sort of instructions, as they do with Debian's libraries; else
// both by name, "Prescott+avx2". "base+fma": base, asked for on a processor with AVX2, whose
// mathematical functions of the C library fuse multiply and add. The same program with the same
// libraries gives the same bits on all processors of one class.
std::string class_of_bits();

// From here on OpenBLAS and oneDNN use the kernels that base/instructions.hpp names, whatever the
// processor's maker, and whatever their own environment variables say; a note tells when these are
// not heeded. Called before either is used.
void choose_kernels();

}  // namespace attune
