#include "array/multiply_adds.hpp"

namespace attune {

namespace {

thread_local std::uint64_t counted = 0;

}  // namespace

std::uint64_t multiply_adds() { return counted; }

namespace kernel {

void count_multiply_adds(std::uint64_t number) { counted += number; }

}  // namespace kernel
}  // namespace attune
