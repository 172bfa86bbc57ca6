#pragma once
#include <cstddef>

#include "array/real.hpp"

namespace attune {

// While one lives, on the thread that made it and in its parallel_for: what a product or a
// convolution computes for a row or an image does not depend on the others, on how many they are or
// on where it stands among them. Costs about twice the time of large products, and more for small
// convolutions; the libraries that are used otherwise promise no such thing.
class RowsAlone {
 public:
  explicit RowsAlone(bool wanted = true);
  ~RowsAlone();
  RowsAlone(const RowsAlone&) = delete;
  RowsAlone& operator=(const RowsAlone&) = delete;

 private:
  bool before_;
};
bool rows_alone();

namespace kernel {

// Rows of a matrix, `stride` values apart; transposed: they are its columns.
struct Matrix {
  const Real* data;
  std::size_t stride;
  bool transposed = false;
};

// C (rows, columns) = factor · A (rows, depth) B (depth, columns) + keep · C, on the calling
// thread; rows of C are `stride` values apart. Sizes fit BLAS's index. Counts nothing.
void product(std::size_t rows, std::size_t columns, std::size_t depth, Real factor, Matrix a,
             Matrix b, Real keep, Real* c, std::size_t stride);

}  // namespace kernel
}  // namespace attune
