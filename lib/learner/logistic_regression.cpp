#include "learner/logistic_regression.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "array/kernels.hpp"
#include "base/error.hpp"

namespace attune {
namespace {

using Matrix = std::vector<double>;  // row-major

// Inner products of unit rows, plus 1 for the bias: (A,B).
Matrix products(const Array& a, const Array& b) {
  const std::size_t rows = a.dim(0), columns = b.dim(0), size = a.dim(1);
  const auto length = [&](const Real* row) {
    double sum = 1e-12;
    for (std::size_t d = 0; d < size; ++d)
      sum += static_cast<double>(row[d]) * static_cast<double>(row[d]);
    return std::sqrt(sum);
  };
  const Array raw = kernel::matmul(a, b, false, true);
  std::vector<double> lengths(columns);
  for (std::size_t j = 0; j < columns; ++j) lengths[j] = length(b.data() + j * size);
  Matrix result(rows * columns);
  for (std::size_t i = 0; i < rows; ++i) {
    const double own = length(a.data() + i * size);
    for (std::size_t j = 0; j < columns; ++j)
      result[i * columns + j] =
          static_cast<double>(raw.data()[i * columns + j]) / own / lengths[j] + 1;
  }
  return result;
}

// (rows,items) · (items,ways)
Matrix multiply(const Matrix& a, const Matrix& b, std::size_t items, std::size_t ways) {
  const std::size_t rows = a.size() / items;
  Matrix result(rows * ways, 0.0);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < items; ++k) {
      const double factor = a[i * items + k];
      for (std::size_t n = 0; n < ways; ++n) result[i * ways + n] += factor * b[k * ways + n];
    }
  return result;
}

class Fit {
 public:
  Fit(Matrix gram, const Indices& labels, std::size_t ways, double l2)
      : gram_(std::move(gram)), labels_(labels), items_(labels.size()), ways_(ways), l2_(l2) {}

  // The coefficients (S,N).
  Matrix operator()() const {
    constexpr std::size_t kRounds = 2000;
    constexpr double kEnough = 1e-5;
    // The softmax's curvature is at most 1/2, the trace bounds the largest eigenvalue.
    double trace = 0;
    for (std::size_t i = 0; i < items_; ++i) trace += gram_[i * items_ + i];
    const double rate = 1 / (0.5 * trace / static_cast<double>(items_) + l2_);
    Matrix now(items_ * ways_, 0.0), ahead = now;
    double momentum = 1;
    for (std::size_t round = 0; round < kRounds; ++round) {
      const Matrix slope = gradient(ahead);
      Matrix next = ahead;
      double largest = 0, uphill = 0;
      for (std::size_t i = 0; i < next.size(); ++i) {
        next[i] -= rate * slope[i];
        largest = std::max(largest, std::abs(slope[i]));
        uphill += slope[i] * (next[i] - now[i]);
      }
      if (largest * static_cast<double>(items_) < kEnough) return next;
      // O'Donoghue & Candès 2015, gradient restart.
      const double grown = uphill > 0 ? 1 : (1 + std::sqrt(1 + 4 * momentum * momentum)) / 2;
      const double push = uphill > 0 ? 0 : (momentum - 1) / grown;
      for (std::size_t i = 0; i < next.size(); ++i) ahead[i] = next[i] + push * (next[i] - now[i]);
      now = std::move(next);
      momentum = grown;
    }
    return now;
  }

 private:
  // In the space of functions: (softmax − labels)/S + l2 · coefficients.
  Matrix gradient(const Matrix& coefficients) const {
    Matrix p = multiply(gram_, coefficients, items_, ways_);
    for (std::size_t i = 0; i < items_; ++i) {
      double* row = p.data() + i * ways_;
      const double top = *std::max_element(row, row + ways_);
      double total = 0;
      for (std::size_t n = 0; n < ways_; ++n) total += row[n] = std::exp(row[n] - top);
      for (std::size_t n = 0; n < ways_; ++n)
        row[n] = (row[n] / total - (labels_[i] == n ? 1 : 0)) / static_cast<double>(items_) +
                 l2_ * coefficients[i * ways_ + n];
    }
    return p;
  }

  Matrix gram_;
  const Indices& labels_;
  std::size_t items_, ways_;
  double l2_;
};

}  // namespace

Array logistic_regression(const Array& support, const Indices& labels, std::size_t ways, double l2,
                          const Array& query) {
  if (!(l2 > 0)) throw Error("logistic_regression: want l2 above 0");
  const Matrix coefficients = Fit(products(support, support), labels, ways, l2)();
  const Matrix logits = multiply(products(query, support), coefficients, labels.size(), ways);
  Array result(Shape{query.dim(0), ways});
  for (std::size_t i = 0; i < logits.size(); ++i)
    result.mutable_data()[i] = static_cast<Real>(logits[i]);
  return result;
}

}  // namespace attune
