#include <algorithm>
#include <array>
#include <string>

#include "array/kernels.hpp"
#include "array/parallel.hpp"
#include "array/sums.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {

constexpr std::size_t kColumns = 512;  // neighbouring sums carried at once

double sum_line(const Real* x, std::size_t count) { return widest<sum_of_line>(x, count); }

std::size_t rows_of_sum_block(std::size_t columns) {
  return std::max<std::size_t>(1, kSumBlock / std::min(columns, kColumns));
}

namespace {

void add_rows(const Real* x, std::size_t rows, std::size_t stride, std::size_t columns,
              double* __restrict sums) {
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t j = 0; j < columns; ++j) sums[j] += x[row * stride + j];
  }
}

// x as (outer, count, inner), summed over the middle.
struct MiddleSum {
  std::size_t outer, count, inner;

  void run(const Real* x, Real* to) const {
    const std::size_t rows = rows_of_sum_block(inner);
    const std::size_t pieces = (count + rows - 1) / rows;
    if (pieces <= 1) {
      whole(x, to);
    } else {
      in_pieces(x, to, rows, pieces);
    }
  }

 private:
  // Rows begin … end-1 of the middle, into `inner` sums.
  template <typename Sum>
  void part(const Real* x, std::size_t begin, std::size_t end, Sum* to) const {
    if (inner == 1) {
      *to = static_cast<Sum>(sum_line(x + begin, end - begin));
      return;
    }
    std::array<double, kColumns> sums;
    for (std::size_t column = 0; column < inner; column += kColumns) {
      const std::size_t columns = std::min(kColumns, inner - column);
      std::fill_n(sums.begin(), columns, 0.0);
      widest<add_rows>(x + begin * inner + column, end - begin, inner, columns, sums.data());
      for (std::size_t j = 0; j < columns; ++j) to[column + j] = static_cast<Sum>(sums[j]);
    }
  }

  void whole(const Real* x, Real* to) const {
    const std::size_t group =
        std::max<std::size_t>(1, kSumBlock / std::max<std::size_t>(1, count * inner));
    parallel_for((outer + group - 1) / group, [&](std::size_t block) {
      const std::size_t end = std::min(outer, (block + 1) * group);
      for (std::size_t i = block * group; i < end; ++i) {
        part(x + i * count * inner, 0, count, to + i * inner);
      }
    });
  }

  void in_pieces(const Real* x, Real* to, std::size_t rows, std::size_t pieces) const {
    const storage::Buffer memory(outer * pieces * inner * sizeof(double));
    double* const partial = static_cast<double*>(memory.data());
    parallel_for(outer * pieces, [&](std::size_t block) {
      const std::size_t i = block / pieces, begin = block % pieces * rows;
      part(x + i * count * inner, begin, std::min(count, begin + rows), partial + block * inner);
    });
    for (std::size_t i = 0; i < outer; ++i) {
      double* const sums = partial + i * pieces * inner;
      for (std::size_t piece = 1; piece < pieces; ++piece) {
        for (std::size_t j = 0; j < inner; ++j) sums[j] += sums[piece * inner + j];
      }
      for (std::size_t j = 0; j < inner; ++j) to[i * inner + j] = static_cast<Real>(sums[j]);
    }
  }
};

// Sums over axes first … last; their extents become 1.
Array sum_range(const Array& x, std::size_t first, std::size_t last) {
  Shape shape = x.shape();
  MiddleSum middle{1, 1, 1};
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    std::size_t& extent =
        axis < first ? middle.outer : (axis <= last ? middle.count : middle.inner);
    extent *= shape[axis];
    if (axis >= first && axis <= last) shape[axis] = 1;
  }
  Array out(shape);
  if (out.size() > 0) middle.run(x.data(), out.mutable_data());
  return out;
}

}  // namespace

Array sum(const Array& x, std::span<const std::size_t> axes, bool keep) {
  std::array<bool, Shape::kMaxRank> reduced{};
  for (const std::size_t axis : axes) {
    if (axis >= x.rank() || reduced[axis]) {
      throw Error("sum: want different axes of " + x.shape().text() + ", have axis " +
                  std::to_string(axis));
    }
    reduced[axis] = true;
  }
  // Neighbouring axes go together, the innermost first: what is left gets smaller soonest.
  Array result = x;
  Shape kept;
  for (std::size_t last = x.rank(); last-- > 0;) {
    if (!reduced[last]) continue;
    std::size_t first = last;
    while (first > 0 && reduced[first - 1]) --first;
    result = sum_range(result, first, last);
    last = first;
  }
  if (keep) return result;
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    if (!reduced[axis]) kept.push_back(x.dim(axis));
  }
  return result.reshaped(kept);
}

Array sum_all(const Array& x) { return sum_range(x.reshaped({x.size()}), 0, 0).reshaped({}); }

Array sum_to(const Array& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (broadcast(x.shape(), shape) != x.shape()) {
    throw Error("sum_to: want a shape that stretches to " + x.shape().text() + ", have " +
                shape.text());
  }
  std::array<std::size_t, Shape::kMaxRank> axes{};
  std::size_t count = 0;
  const std::size_t lead = x.rank() - shape.rank();
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    if (axis < lead || (shape[axis - lead] == 1 && x.dim(axis) != 1)) axes[count++] = axis;
  }
  return sum(x, std::span(axes).first(count), true).reshaped(shape);
}

}  // namespace attune::kernel
