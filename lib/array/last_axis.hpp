#pragma once
#include <algorithm>
#include <string>

#include "array/array.hpp"
#include "array/parallel.hpp"

namespace attune::kernel {

// The rows of an array: all but the last axis.
struct Rows {
  std::size_t count, length;

  Rows(const char* kernel, const Array& x) {
    if (x.rank() == 0) throw Error(std::string(kernel) + ": want a last axis, have a scalar");
    length = x.shape().back();
    count = 1;
    for (std::size_t axis = 0; axis + 1 < x.rank(); ++axis) count *= x.dim(axis);
  }

  // body(row), rows shared among threads in groups of a fixed size.
  template <typename Body>
  void for_each(const Body& body) const {
    const std::size_t group =
        std::max<std::size_t>(1, (1 << 14) / std::max<std::size_t>(1, length));
    parallel_for((count + group - 1) / group, [&](std::size_t block) {
      const std::size_t end = std::min(count, (block + 1) * group);
      for (std::size_t row = block * group; row < end; ++row) body(row);
    });
  }

  void want_values(const char* kernel, const Array& x) const {
    if (length == 0 && count > 0) {
      throw Error(std::string(kernel) + ": want values in each row, have " + x.shape().text());
    }
  }
};

}  // namespace attune::kernel
