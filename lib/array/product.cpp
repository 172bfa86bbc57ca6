#include "array/product.hpp"

#include <dnnl.h>
#include <dnnl_debug.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <xtensor-blas/xblas.hpp>

#include "array/storage.hpp"
#include "base/error.hpp"
#include "base/instructions.hpp"

namespace attune {
namespace {

thread_local bool alone = false;

constexpr std::size_t kRows = 6, kColumns = 16;  // of C at once

// Columns of C that stand in one vector.
constexpr std::size_t kWide = 32 / sizeof(Real);
typedef Real Vector __attribute__((vector_size(kWide * sizeof(Real))));

// `count` rows of C in kColumns columns, from columns of B that lie together. Each sum is added in
// the order of k, and never beside another.
template <std::size_t count>
void tile(std::size_t depth, const Real* a, std::size_t step_row, std::size_t step_k, const Real* b,
          Real* __restrict sums) {
  constexpr std::size_t kVectors = kColumns / kWide;
  std::array<std::array<Vector, kVectors>, count> sum{};
  for (std::size_t k = 0; k < depth; ++k) {
    std::array<Vector, kVectors> right;
    std::memcpy(right.data(), b + k * kColumns, sizeof(right));
    for (std::size_t row = 0; row < count; ++row) {
      const Real left = a[row * step_row + k * step_k];
      for (std::size_t v = 0; v < kVectors; ++v) sum[row][v] += left * right[v];
    }
  }
  std::memcpy(sums, sum.data(), sizeof(sum));
}

using Tile = void (*)(std::size_t, const Real*, std::size_t, std::size_t, const Real*, Real*);
template <std::size_t... count>
constexpr std::array<Tile, sizeof...(count)> tiles(std::index_sequence<count...>) {
  return {widest<tile<count + 1>>...};
}
constexpr std::array kTiles = tiles(std::make_index_sequence<kRows>());

// Room of the calling thread for `count` values, 64-byte aligned.
Real* room_for(std::size_t count) {
  thread_local storage::Buffer room;
  thread_local std::size_t values = 0;
  if (count > values) {
    room = storage::Buffer();
    room = storage::Buffer(count * sizeof(Real));
    values = count;
  }
  return static_cast<Real*>(room.data());
}

void each_alone(std::size_t rows, std::size_t columns, std::size_t depth, Real factor,
                kernel::Matrix a, kernel::Matrix b, Real keep, Real* c, std::size_t stride) {
  const std::size_t step_row = a.transposed ? 1 : a.stride, step_k = a.transposed ? a.stride : 1;
  const std::size_t down = b.transposed ? 1 : b.stride, right = b.transposed ? b.stride : 1;
  Real* const panel = room_for(depth * kColumns);
  std::array<Real, kRows * kColumns> sums;
  for (std::size_t column = 0; column < columns; column += kColumns) {
    const std::size_t wide = std::min(kColumns, columns - column);
    for (std::size_t k = 0; k < depth; ++k) {
      const Real* const from = b.data + k * down + column * right;
      Real* const to = panel + k * kColumns;
      for (std::size_t j = 0; j < wide; ++j) to[j] = from[j * right];
      std::fill(to + wide, to + kColumns, Real(0));
    }
    for (std::size_t row = 0; row < rows;) {
      const std::size_t high = std::min(kRows, rows - row);
      kTiles[high - 1](depth, a.data + row * step_row, step_row, step_k, panel, sums.data());
      for (std::size_t end = row + high, i = 0; row < end; ++row, ++i)
        for (std::size_t j = 0; j < wide; ++j) {
          Real& to = c[row * stride + column + j];
          const Real sum = factor * sums[i * kColumns + j];
          to = keep == 0 ? sum : keep * to + sum;
        }
    }
  }
}

// One library's product; `Type` is Real, and only its branch is compiled. oneDNN, which knows no
// double, is faster with small matrices than OpenBLAS.
template <typename Type>
void by_library(std::size_t rows, std::size_t columns, std::size_t depth, Type factor,
                const Type* a, std::size_t step_a, bool trans_a, const Type* b, std::size_t step_b,
                bool trans_b, Type keep, Type* c, std::size_t step_c) {
  const auto index = [](std::size_t value) { return static_cast<xt::blas_index_t>(value); };
  if constexpr (std::is_same_v<Type, float>) {
    const auto letter = [](bool transposed) { return transposed ? 'T' : 'N'; };
    const dnnl_status_t status =
        dnnl_sgemm(letter(trans_a), letter(trans_b), index(rows), index(columns), index(depth),
                   factor, a, index(step_a), b, index(step_b), keep, c, index(step_c));
    if (status == dnnl_out_of_memory) throw std::bad_alloc();
    if (status != dnnl_success)
      throw Error("matmul: oneDNN can't multiply (" + std::to_string(rows) + "," +
                  std::to_string(depth) + ") and (" + std::to_string(depth) + "," +
                  std::to_string(columns) + "): " + dnnl_status2str(status));
  } else {
    const auto way = [](bool transposed) {
      return transposed ? cxxblas::Transpose::Trans : cxxblas::Transpose::NoTrans;
    };
    cxxblas::gemm<xt::blas_index_t>(cxxblas::StorageOrder::RowMajor, way(trans_a), way(trans_b),
                                    index(rows), index(columns), index(depth), factor, a,
                                    index(step_a), b, index(step_b), keep, c, index(step_c));
  }
}

}  // namespace

RowsAlone::RowsAlone(bool wanted) : before_(std::exchange(alone, wanted)) {}
RowsAlone::~RowsAlone() { alone = before_; }
bool rows_alone() { return alone; }

void kernel::product(std::size_t rows, std::size_t columns, std::size_t depth, Real factor,
                     Matrix a, Matrix b, Real keep, Real* c, std::size_t stride) {
  if (alone) return each_alone(rows, columns, depth, factor, a, b, keep, c, stride);
  by_library<Real>(rows, columns, depth, factor, a.data, a.stride, a.transposed, b.data, b.stride,
                   b.transposed, keep, c, stride);
}

}  // namespace attune
