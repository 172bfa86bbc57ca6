#pragma once
#include <array>
#include <cstddef>
#include <cstring>

#include "array/real.hpp"

namespace attune::kernel {

// How the sums of all kernels are carried: in double and in a fixed number of lanes, as exact as
// float results can show, and in an order that no vector width or thread count changes. Sums of
// more than kSumBlock values are cut into blocks, which are added in their order.
inline constexpr std::size_t kSumBlock = 1 << 16;

double sum_line(const Real* x, std::size_t count);

// The same, for a loop that runs in widest<> itself.
inline double sum_of_line(const Real* x, std::size_t count) {
  // Named vectors, since the compiler leaves an array of lanes in memory.
  constexpr std::size_t kWide = 4, kVectors = 4;
  typedef double Sums __attribute__((vector_size(kWide * sizeof(double))));
  typedef Real Values __attribute__((vector_size(kWide * sizeof(Real))));
  std::array<Sums, kVectors> sums{};
  std::size_t i = 0;
  for (; i + kWide * kVectors <= count; i += kWide * kVectors) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      Values values;
      std::memcpy(&values, x + i + v * kWide, sizeof(values));
      sums[v] += __builtin_convertvector(values, Sums);
    }
  }
  double rest = 0;
  for (; i < count; ++i) rest += static_cast<double>(x[i]);
  const Sums all = (sums[0] + sums[2]) + (sums[1] + sums[3]);
  return ((all[0] + all[2]) + (all[1] + all[3])) + rest;
}

// Rows of one block where `columns` neighbouring sums are carried at once, over the rows.
std::size_t rows_of_sum_block(std::size_t columns);

}  // namespace attune::kernel
