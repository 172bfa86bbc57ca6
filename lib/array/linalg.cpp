#include <algorithm>
#include <limits>
#include <utility>
#include <xtensor-blas/xblas.hpp>

#include "array/kernels.hpp"
#include "array/multiply_adds.hpp"
#include "array/parallel.hpp"
#include "array/product.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

using xt::blas_index_t;

// One product C = op(A) op(B) of matrices, and how it is cut into blocks of C.
struct Product {
  std::size_t rows, columns, depth;
  bool trans_a, trans_b;

  // Blocks of about a million multiplications, not thinner than 64 rows: a function of the shapes
  // alone.
  std::size_t block_rows() const { return cut(rows, columns); }
  // Columns are cut only where the rows are too few to share.
  std::size_t block_columns() const { return block_rows() < rows ? columns : cut(columns, rows); }

  void run(const Real* a, const Real* b, Real* c, std::size_t row, std::size_t column) const {
    product(std::min(block_rows(), rows - row), std::min(block_columns(), columns - column), depth,
            Real(1), {a + (trans_a ? row : row * depth), trans_a ? rows : depth, trans_a},
            {b + (trans_b ? column * depth : column), trans_b ? depth : columns, trans_b}, Real(0),
            c + row * columns + column, columns);
  }

 private:
  std::size_t cut(std::size_t extent, std::size_t other) const {
    constexpr std::size_t kWork = 1 << 20, kGrain = 64;
    const std::size_t wanted = kWork / std::max<std::size_t>(1, depth * other);
    return std::min(std::max<std::size_t>(1, extent), (wanted / kGrain + 1) * kGrain);
  }
};

void check_index(const Shape& a, const Shape& b) {
  constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<blas_index_t>::max());
  for (const Shape& shape : {a, b}) {
    for (const std::size_t dim : shape) {
      if (dim > kMost)
        throw Error("matmul: extents of " + shape.text() + " are too large for BLAS");
    }
  }
}

Error misfit(const Array& a, const Array& b, bool trans_a, bool trans_b) {
  return Error("matmul: want (...,M,K) and (...,K,N) or (K,N), have " + a.shape().text() +
               (trans_a ? " transposed" : "") + " and " + b.shape().text() +
               (trans_b ? " transposed" : ""));
}

Product product_of(const Array& a, const Array& b, bool trans_a, bool trans_b) {
  if (a.rank() < 2 || b.rank() < 2) throw misfit(a, b, trans_a, trans_b);
  const Product one{a.shape().back(trans_a ? 0 : 1), b.shape().back(trans_b ? 1 : 0),
                    a.shape().back(trans_a ? 1 : 0), trans_a, trans_b};
  bool fits = b.shape().back(trans_b ? 0 : 1) == one.depth;
  if (b.rank() > 2) {
    fits = fits && a.rank() == b.rank() &&
           std::equal(a.shape().begin(), a.shape().end() - 2, b.shape().begin());
  }
  if (!fits) throw misfit(a, b, trans_a, trans_b);
  check_index(a.shape(), b.shape());
  return one;
}

// What is done to a block of C while it is in the cache.
struct After {
  const Real* bias = nullptr;
  bool relu = false;
};

void add_bias(Real* __restrict row, const Real* bias, bool relu, std::size_t count) {
  if (relu) {
    for (std::size_t j = 0; j < count; ++j) {
      const Real sum = row[j] + bias[j];
      row[j] = Real(0) > sum ? Real(0) : sum;  // in this order NaN comes through
    }
  } else {
    for (std::size_t j = 0; j < count; ++j) row[j] += bias[j];
  }
}

// The same product for `batch` pairs of matrices, step_a and step_b values apart.
void run_all(const Product& one, std::size_t batch, const Real* a, std::size_t step_a,
             const Real* b, std::size_t step_b, Real* c, const After& after = {}) {
  const std::size_t row_blocks = (one.rows + one.block_rows() - 1) / one.block_rows();
  const std::size_t column_blocks = (one.columns + one.block_columns() - 1) / one.block_columns();
  const std::size_t parts = row_blocks * column_blocks;
  // Small products go through together, so that a block is worth a thread's while.
  const std::size_t work = one.rows * one.columns * one.depth;
  const std::size_t group = std::max<std::size_t>(1, (1 << 18) / work);
  parallel_for((batch * parts + group - 1) / group, [&](std::size_t block) {
    const std::size_t end = std::min(batch * parts, (block + 1) * group);
    for (std::size_t i = block * group; i < end; ++i) {
      const std::size_t which = i / parts, part = i % parts;
      const std::size_t row = part / column_blocks * one.block_rows();
      const std::size_t column = part % column_blocks * one.block_columns();
      Real* const to = c + which * one.rows * one.columns;
      one.run(a + which * step_a, b + which * step_b, to, row, column);
      if (!after.bias) continue;
      const std::size_t last = std::min(one.rows, row + one.block_rows());
      for (std::size_t r = row; r < last; ++r)
        widest<add_bias>(to + r * one.columns + column, after.bias + column, after.relu,
                         std::min(one.block_columns(), one.columns - column));
    }
  });
}

}  // namespace

Array matmul(const Array& a, const Array& b, bool trans_a, bool trans_b) {
  Product one = product_of(a, b, trans_a, trans_b);
  Shape shape = a.shape();
  shape[a.rank() - 2] = one.rows;
  shape[a.rank() - 1] = one.columns;
  Array out(shape);
  if (out.size() == 0) return out;
  if (one.depth == 0) return Array::zeros(shape);
  const std::size_t step_a = one.rows * one.depth;
  const std::size_t step_b = b.rank() == 2 ? 0 : one.depth * one.columns;
  std::size_t batch = a.size() / step_a;
  if (b.rank() == 2 && !trans_a) one.rows *= std::exchange(batch, 1);
  count_multiply_adds(batch * one.rows * one.columns * one.depth);
  run_all(one, batch, a.data(), step_a, b.data(), step_b, out.mutable_data());
  return out;
}

Array matmul_first(const Array& a, const Array& b, std::size_t rows, bool trans_b) {
  if (a.rank() < 2 || b.rank() != a.rank() || rows > b.shape().back(1) ||
      a.shape().back() != (trans_b ? b.shape().back() : rows) ||
      !std::equal(a.shape().begin(), a.shape().end() - 2, b.shape().begin()))
    throw Error("matmul_first: want (...,M," + std::string(trans_b ? "K" : std::to_string(rows)) +
                ") and (...,R," + (trans_b ? "K" : "N") + ") of " + std::to_string(rows) +
                " rows or more, have " + a.shape().text() + " and " + b.shape().text());
  check_index(a.shape(), b.shape());
  const Product one{a.shape().back(1), trans_b ? rows : b.shape().back(), a.shape().back(), false,
                    trans_b};
  Shape shape = a.shape();
  shape[a.rank() - 1] = one.columns;
  Array out(shape);
  if (out.size() == 0) return out;
  if (one.depth == 0) return Array::zeros(shape);
  const std::size_t batch = out.size() / (one.rows * one.columns);
  count_multiply_adds(batch * one.rows * one.columns * one.depth);
  run_all(one, batch, a.data(), one.rows * one.depth, b.data(),
          b.shape().back(1) * b.shape().back(), out.mutable_data());
  return out;
}

Array affine(const Array& a, const Array& b, const Array& bias, bool relu) {
  Product one = product_of(a, b, false, false);
  if (b.rank() != 2 || bias.shape() != Shape{one.columns})
    throw Error("affine: want (...,M,K), (K,N) and (N), have " + a.shape().text() + ", " +
                b.shape().text() + " and " + bias.shape().text());
  if (a.size() == 0 || b.size() == 0) {
    const Array sum = kernel::add(matmul(a, b), bias);
    return relu ? kernel::relu(sum) : sum;
  }
  Shape shape = a.shape();
  shape[a.rank() - 1] = one.columns;
  Array out(shape);
  one.rows = a.size() / one.depth;
  count_multiply_adds(one.rows * one.columns * one.depth);
  run_all(one, 1, a.data(), 0, b.data(), 0, out.mutable_data(), {bias.data(), relu});
  return out;
}

}  // namespace attune::kernel
