#include <cmath>

#include "array/kernels.hpp"
#include "array/walk.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

struct Add {
  static Real of(Real a, Real b) { return a + b; }
};
struct Sub {
  static Real of(Real a, Real b) { return a - b; }
};
struct Mul {
  static Real of(Real a, Real b) { return a * b; }
};
struct Div {
  static Real of(Real a, Real b) { return a / b; }
};
struct Maximum {  // NaN wins
  static Real of(Real a, Real b) { return a > b || a != a ? a : b; }
};
struct Greater {
  static Real of(Real a, Real b) { return a > b ? Real(1) : Real(0); }
};
struct Equal {
  static Real of(Real a, Real b) { return a == b ? Real(1) : Real(0); }
};
struct PassPositive {
  static Real of(Real g, Real y) { return g * (y > 0 ? Real(1) : Real(0)); }
};

template <typename Op>
void apply(Real* __restrict out, const Real* a, std::size_t step_a, const Real* b,
           std::size_t step_b, std::size_t count) {
  if (step_a == 1 && step_b == 1) {
    for (std::size_t i = 0; i < count; ++i) out[i] = Op::of(a[i], b[i]);
  } else if (step_a == 1 && step_b == 0) {
    const Real right = *b;
    for (std::size_t i = 0; i < count; ++i) out[i] = Op::of(a[i], right);
  } else if (step_a == 0 && step_b == 1) {
    const Real left = *a;
    for (std::size_t i = 0; i < count; ++i) out[i] = Op::of(left, b[i]);
  } else {
    for (std::size_t i = 0; i < count; ++i) out[i] = Op::of(a[i * step_a], b[i * step_b]);
  }
}

template <typename Op>
Array binary(const Array& a, const Array& b) {
  Array out(broadcast(a.shape(), b.shape()));
  const Walk<2> walk(out.shape(), {broadcast_strides(a.shape(), out.shape()),
                                   broadcast_strides(b.shape(), out.shape())});
  // No structured binding: clang 14 lets no lambda take one.
  const std::size_t step_a = walk.strides()[0], step_b = walk.strides()[1];
  Real* const to = out.mutable_data();
  const Real* const from_a = a.data();
  const Real* const from_b = b.data();
  walk.for_each([=](std::size_t begin, std::size_t count, const std::array<std::size_t, 2>& at) {
    widest<apply<Op>>(to + begin, from_a + at[0], step_a, from_b + at[1], step_b, count);
  });
  return out;
}

// Steps of a and b that are known when compiled, so that the loop is one of vectors.
template <std::size_t StepA, std::size_t StepB>
void choose(Real* __restrict out, const Real* mask, const Real* a, const Real* b,
            std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const Real yes = a[i * StepA], no = b[i * StepB];
    out[i] = mask[i] != 0 ? yes : no;
  }
}

void accumulate(Real* __restrict sum, const Real* x, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sum[i] += x[i];
}

}  // namespace

Array add(const Array& a, const Array& b) { return binary<Add>(a, b); }
Array sub(const Array& a, const Array& b) { return binary<Sub>(a, b); }
Array mul(const Array& a, const Array& b) { return binary<Mul>(a, b); }
Array div(const Array& a, const Array& b) { return binary<Div>(a, b); }
Array maximum(const Array& a, const Array& b) { return binary<Maximum>(a, b); }
Array greater(const Array& a, const Array& b) { return binary<Greater>(a, b); }
Array equal(const Array& a, const Array& b) { return binary<Equal>(a, b); }
Array relu_grad(const Array& g, const Array& y) { return binary<PassPositive>(g, y); }

Array where(const Array& mask, const Array& a, const Array& b) {
  Array out(broadcast(mask.shape(), broadcast(a.shape(), b.shape())));
  const Shape& shape = out.shape();
  const Walk<3> walk(shape,
                     {broadcast_strides(mask.shape(), shape), broadcast_strides(a.shape(), shape),
                      broadcast_strides(b.shape(), shape)});
  const auto [step_mask, step_a, step_b] = walk.strides();
  Real* const to = out.mutable_data();
  walk.for_each([&, step_mask = step_mask, step_a = step_a, step_b = step_b](
                    std::size_t begin, std::size_t count, const std::array<std::size_t, 3>& at) {
    const Real* const when = mask.data() + at[0];
    const Real* const yes = a.data() + at[1];
    const Real* const no = b.data() + at[2];
    if (step_mask == 1 && step_a <= 1 && step_b <= 1) {
      const auto run = step_a == 1 ? (step_b == 1 ? widest<choose<1, 1>> : widest<choose<1, 0>>)
                                   : (step_b == 1 ? widest<choose<0, 1>> : widest<choose<0, 0>>);
      run(to + begin, when, yes, no, count);
      return;
    }
    for (std::size_t i = 0; i < count; ++i)
      to[begin + i] = when[i * step_mask] != 0 ? yes[i * step_a] : no[i * step_b];
  });
  return out;
}

void add_into(Array& sum, const Array& x) {
  if (sum.shape() != x.shape()) {
    throw Error("add_into: want equal shapes, have " + sum.shape().text() + " and " +
                x.shape().text());
  }
  const Real* const from = x.data();
  Real* const to = sum.mutable_data();
  const Walk<1> walk(sum.shape(), {row_major(sum.shape())});
  walk.for_each([=](std::size_t begin, std::size_t count, const std::array<std::size_t, 1>&) {
    widest<accumulate>(to + begin, from + begin, count);
  });
}

bool all_finite(const Array& x) {
  bool finite = true;
  for (const Real value : x.values()) finite &= std::isfinite(value);
  return finite;
}

}  // namespace attune::kernel
