#pragma once
#include <cstddef>

#include "array/real.hpp"

namespace attune::kernel {

// How the sums of all kernels are carried: in double and in a fixed number of lanes, as exact as
// float results can show, and in an order that no vector width or thread count changes. Sums of
// more than kSumBlock values are cut into blocks, which are added in their order.
inline constexpr std::size_t kSumBlock = 1 << 16;

double sum_line(const Real* x, std::size_t count);

// Rows of one block where `columns` neighbouring sums are carried at once, over the rows.
std::size_t rows_of_sum_block(std::size_t columns);

}  // namespace attune::kernel
