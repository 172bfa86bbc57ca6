#include "array/product.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>
#include <xtensor-blas/xblas.hpp>

#include "base/instructions.hpp"

namespace attune {
namespace {

thread_local bool alone = false;

constexpr std::size_t kRows = 4, kColumns = 16;  // of C at once

// `count` rows of C in kColumns columns, from columns of B that lie together. Each sum is added in
// the order of k, and never beside another.
template <std::size_t count>
void tile(std::size_t depth, const Real* a, std::size_t step_row, std::size_t step_k, const Real* b,
          Real* __restrict sums) {
  std::array<Real, count * kColumns> sum{};
  for (std::size_t k = 0; k < depth; ++k) {
    for (std::size_t row = 0; row < count; ++row) {
      const Real left = a[row * step_row + k * step_k];
      for (std::size_t j = 0; j < kColumns; ++j)
        sum[row * kColumns + j] += left * b[k * kColumns + j];
    }
  }
  std::copy(sum.begin(), sum.end(), sums);
}

void each_alone(std::size_t rows, std::size_t columns, std::size_t depth, Real factor,
                kernel::Matrix a, kernel::Matrix b, Real keep, Real* c, std::size_t stride) {
  const std::size_t step_row = a.transposed ? 1 : a.stride, step_k = a.transposed ? a.stride : 1;
  const std::size_t down = b.transposed ? 1 : b.stride, right = b.transposed ? b.stride : 1;
  thread_local std::vector<Real> panel;
  panel.resize(depth * kColumns);
  std::array<Real, kRows * kColumns> sums;
  for (std::size_t column = 0; column < columns; column += kColumns) {
    const std::size_t wide = std::min(kColumns, columns - column);
    for (std::size_t k = 0; k < depth; ++k)
      for (std::size_t j = 0; j < kColumns; ++j)
        panel[k * kColumns + j] = j < wide ? b.data[k * down + (column + j) * right] : Real(0);
    for (std::size_t row = 0; row < rows;) {
      const Real* const from = a.data + row * step_row;
      const std::size_t high = rows - row >= kRows ? kRows : 1;
      const auto run = high == kRows ? widest<tile<kRows>> : widest<tile<1>>;
      run(depth, from, step_row, step_k, panel.data(), sums.data());
      for (std::size_t end = row + high, i = 0; row < end; ++row, ++i)
        for (std::size_t j = 0; j < wide; ++j) {
          Real& to = c[row * stride + column + j];
          const Real sum = factor * sums[i * kColumns + j];
          to = keep == 0 ? sum : keep * to + sum;
        }
    }
  }
}

}  // namespace

RowsAlone::RowsAlone(bool wanted) : before_(std::exchange(alone, wanted)) {}
RowsAlone::~RowsAlone() { alone = before_; }
bool rows_alone() { return alone; }

namespace kernel {

void product(std::size_t rows, std::size_t columns, std::size_t depth, Real factor, Matrix a,
             Matrix b, Real keep, Real* c, std::size_t stride) {
  if (alone) return each_alone(rows, columns, depth, factor, a, b, keep, c, stride);
  using xt::blas_index_t;
  const auto index = [](std::size_t value) { return static_cast<blas_index_t>(value); };
  const auto way = [](bool transposed) {
    return transposed ? cxxblas::Transpose::Trans : cxxblas::Transpose::NoTrans;
  };
  cxxblas::gemm<blas_index_t>(cxxblas::StorageOrder::RowMajor, way(a.transposed), way(b.transposed),
                              index(rows), index(columns), index(depth), factor, a.data,
                              index(a.stride), b.data, index(b.stride), keep, c, index(stride));
}

}  // namespace kernel
}  // namespace attune
