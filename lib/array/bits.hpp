#pragma once
#include <string>

namespace attune {

// The class of machine whose bits this process computes: "avx512", "avx2" or "base" when OpenBLAS
// and oneDNN use the same sort of instructions, else both by name, "Prescott+avx2". The same
// program gives the same bits on all machines of one class.
std::string class_of_bits();

}  // namespace attune
