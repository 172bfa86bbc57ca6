#include "array/last_axis.hpp"

#include <algorithm>
#include <cmath>

#include "array/kernels.hpp"
#include "array/softmax_grad.hpp"
#include "array/softmax_row.hpp"
#include "array/sums.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

Real maximum_of(const Real* x, std::size_t count) { return largest_of<false>(x, nullptr, count); }

void multiply(const Real* a, const Real* b, std::size_t count, Real* __restrict out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = a[i] * b[i];
}

void subtract_multiple(const Real* y, Real factor, std::size_t count, Real* __restrict out) {
  for (std::size_t i = 0; i < count; ++i) out[i] -= y[i] * factor;
}

// Position of the first maximum; NaN counts as the largest.
std::size_t first_maximum(const Real* x, std::size_t count) {
  const Real most = widest<maximum_of>(x, count);
  const auto found = [=](Real value) { return value == most || std::isnan(value); };
  return static_cast<std::size_t>(std::find_if(x, x + count, found) - x);
}

void log_softmax_row(const Real* __restrict x, Real* __restrict to, std::size_t count) {
  const Real most = largest_of<false>(x, nullptr, count);
  if (most == kLowest) {
    std::copy_n(x, count, to);
    return;
  }
  const double total = exponentials<false>(x, nullptr, most, to, count);
  const Real log_total = static_cast<Real>(std::log(total));
  for (std::size_t i = 0; i < count; ++i) to[i] = x[i] - most - log_total;
}

}  // namespace

Array max_last(const Array& x) {
  const Rows rows("max_last", x);
  rows.want_values("max_last", x);
  Shape shape = x.shape();
  shape[x.rank() - 1] = 1;
  Array out(shape);
  Real* const to = out.mutable_data();
  rows.for_each([&](std::size_t row) {
    to[row] = widest<maximum_of>(x.data() + row * rows.length, rows.length);
  });
  return out;
}

Indices argmax_last(const Array& x) {
  const Rows rows("argmax_last", x);
  rows.want_values("argmax_last", x);
  Indices out(rows.count);
  rows.for_each([&](std::size_t row) {
    out[row] = static_cast<std::uint32_t>(first_maximum(x.data() + row * rows.length, rows.length));
  });
  return out;
}

Array softmax(const Array& x) {
  const Rows rows("softmax", x);
  Array out(x.shape());
  Real* const values = out.mutable_data();
  if (x.size() == 0) return out;
  rows.for_each([&](std::size_t row) {
    widest<softmax_row<false>>(x.data() + row * rows.length, nullptr, values + row * rows.length,
                               rows.length);
  });
  return out;
}

Array softmax_grad(const Array& g, const Array& y) {
  if (g.shape() != y.shape())
    throw Error("softmax_grad: want equal shapes, have " + g.shape().text() + " and " +
                y.shape().text());
  const Rows rows("softmax_grad", y);
  Array out(y.shape());
  Real* const values = out.mutable_data();
  rows.for_each([&](std::size_t row) {
    const std::size_t at = row * rows.length;
    widest<multiply>(g.data() + at, y.data() + at, rows.length, values + at);
    const Real total = static_cast<Real>(sum_line(values + at, rows.length));
    widest<subtract_multiple>(y.data() + at, total, rows.length, values + at);
  });
  return out;
}

Array log_softmax(const Array& x) {
  const Rows rows("log_softmax", x);
  Array out(x.shape());
  Real* const values = out.mutable_data();
  if (x.size() == 0) return out;
  rows.for_each([&](std::size_t row) {
    widest<log_softmax_row>(x.data() + row * rows.length, values + row * rows.length, rows.length);
  });
  return out;
}

Array cumsum_last(const Array& x, bool reverse) {
  const Rows rows("cumsum_last", x);
  Array out(x.shape());
  Real* const values = out.mutable_data();
  rows.for_each([&](std::size_t row) {
    const std::size_t begin = row * rows.length;
    double total = 0;
    for (std::size_t i = 0; i < rows.length; ++i) {
      const std::size_t at = begin + (reverse ? rows.length - 1 - i : i);
      values[at] = static_cast<Real>(total += x.data()[at]);
    }
  });
  return out;
}

}  // namespace attune::kernel
