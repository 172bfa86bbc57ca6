#include <algorithm>
#include <limits>
#include <xtensor-blas/xblas.hpp>
#include <xtensor-blas/xlapack.hpp>

#include "array/kernels.hpp"
#include "array/multiply_adds.hpp"
#include "array/parallel.hpp"

namespace attune::kernel {
namespace {

using xt::blas_index_t;

void check_solve(const Array& a, const Array& b) {
  constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<blas_index_t>::max());
  const bool fits = a.rank() >= 2 && a.rank() == b.rank() &&
                    a.shape().back(0) == a.shape().back(1) &&
                    std::equal(a.shape().begin(), a.shape().end() - 1, b.shape().begin()) &&
                    a.shape().back(0) <= kMost && b.shape().back(0) <= kMost;
  if (!fits)
    throw Error("solve: want (...,M,M) and (...,M,N), have " + a.shape().text() + " and " +
                b.shape().text());
}

// a, (rows,rows), becomes its Cholesky factor L with a = L·Lᵀ; b, (rows,columns), becomes a⁻¹b.
void solve_one(Real* a, Real* b, std::size_t rows, std::size_t columns) {
  const auto m = static_cast<blas_index_t>(rows), n = static_cast<blas_index_t>(columns);
  // LAPACK counts columns first: its upper triangle is our lower one.
  const blas_index_t info = cxxlapack::potrf<blas_index_t>('U', m, a, m);
  if (info > 0)
    throw Error("solve: want a positive definite matrix, have one of " + std::to_string(rows) +
                " rows whose leading minor of order " + std::to_string(info) + " is not positive");
  for (const auto way : {cxxblas::Transpose::NoTrans, cxxblas::Transpose::Trans})
    cxxblas::trsm<blas_index_t>(cxxblas::StorageOrder::RowMajor, cxxblas::Side::Left,
                                cxxblas::StorageUpLo::Lower, way, cxxblas::Diag::NonUnit, m, n,
                                Real(1), a, m, b, n);
}

}  // namespace

Array solve(const Array& a, const Array& b) {
  check_solve(a, b);
  Array out = b;
  if (out.size() == 0) return out;
  const std::size_t rows = b.shape().back(1), columns = b.shape().back(0);
  const std::size_t count = out.size() / (rows * columns);
  Array factor = a;
  Real* const l = factor.mutable_data();
  Real* const x = out.mutable_data();
  count_multiply_adds(count * rows * rows * (rows / 6 + columns));
  parallel_for(count, [&](std::size_t i) {
    solve_one(l + i * rows * rows, x + i * rows * columns, rows, columns);
  });
  return out;
}

}  // namespace attune::kernel
