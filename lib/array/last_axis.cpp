#include "array/last_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "array/kernels.hpp"
#include "array/softmax_grad.hpp"
#include "array/sums.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

constexpr Real kLowest = -std::numeric_limits<Real>::infinity();

// The maximum, NaN where there is one.
Real maximum_of(const Real* x, std::size_t count) {
  constexpr std::size_t kLanes = 16;
  const auto larger = [](Real a, Real b) { return a > b || a != a ? a : b; };
  Real result = kLowest;
  std::size_t i = 0;
  if (count >= kLanes) {
    std::array<Real, kLanes> lanes;
    std::copy_n(x, kLanes, lanes.begin());
    for (i = kLanes; i + kLanes <= count; i += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        lanes[lane] = larger(x[i + lane], lanes[lane]);
      }
    }
    for (const Real lane : lanes) result = larger(lane, result);
  }
  for (; i < count; ++i) result = larger(x[i], result);
  return result;
}

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

// exp(x − most) of each, and their sum in the order of x. What is masked costs nothing, and no
// exponential waits for the sum.
double exponentials(const Real* x, Real most, std::size_t count, Real* __restrict out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = x[i] == kLowest ? Real(0) : std::exp(x[i] - most);
  double total = 0;
  for (std::size_t i = 0; i < count; ++i) total += static_cast<double>(out[i]);
  return total;
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
    const Real* const from = x.data() + row * rows.length;
    Real* const to = values + row * rows.length;
    const Real most = widest<maximum_of>(from, rows.length);
    if (most == kLowest) {  // a fully masked row attends to nothing
      std::fill_n(to, rows.length, Real(0));
      return;
    }
    const Real factor = static_cast<Real>(1 / exponentials(from, most, rows.length, to));
    for (std::size_t i = 0; i < rows.length; ++i) to[i] *= factor;
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
    const Real* const from = x.data() + row * rows.length;
    Real* const to = values + row * rows.length;
    const Real most = widest<maximum_of>(from, rows.length);
    if (most == kLowest) {
      std::copy_n(from, rows.length, to);
      return;
    }
    const Real log_total = static_cast<Real>(std::log(exponentials(from, most, rows.length, to)));
    for (std::size_t i = 0; i < rows.length; ++i) to[i] = from[i] - most - log_total;
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
