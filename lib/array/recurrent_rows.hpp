#pragma once
#include <algorithm>
#include <cstddef>

#include "array/parallel.hpp"

namespace attune::kernel {

// body(row) for each row of a step of a recurrent layer, in blocks that depend on the sizes alone.
template <typename Body>
void for_recurrent_rows(std::size_t rows, std::size_t hidden, const Body& body) {
  constexpr std::size_t kValues = 1 << 13;  // of the state in a block
  const std::size_t block = std::max<std::size_t>(1, kValues / std::max<std::size_t>(1, hidden));
  parallel_for((rows + block - 1) / block, [&](std::size_t number) {
    const std::size_t end = std::min(rows, (number + 1) * block);
    for (std::size_t row = number * block; row < end; ++row) body(row);
  });
}

}  // namespace attune::kernel
