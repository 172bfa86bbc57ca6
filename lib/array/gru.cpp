#include "array/gru.hpp"

#include <algorithm>
#include <utility>

#include "array/fast_exp.hpp"
#include "array/kernels.hpp"
#include "array/recurrent_rows.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

void check(const Array& projected, const Array& recurrent, const Array& bias, const Array& h) {
  const bool fits = h.rank() == 2 && projected.shape() == Shape{h.dim(0), 3 * h.dim(1)} &&
                    recurrent.shape() == projected.shape() && bias.shape() == Shape{h.dim(1)};
  if (!fits)
    throw Error("gru_gates: want (B,3·H), (B,3·H), (H), (B,H), have " + projected.shape().text() +
                ", " + recurrent.shape().text() + ", " + bias.shape().text() + ", " +
                h.shape().text());
}

// The gates of one row: x, y, c and old are its projected, recurrent, bias and h.
void gates_of_row(const Real* x, const Real* y, const Real* c, const Real* old, std::size_t hidden,
                  Real* __restrict kept, Real* __restrict next) {
#pragma omp simd
  for (std::size_t i = 0; i < 2 * hidden; ++i) kept[i] = fast_sigmoid(x[i] + y[i]);
#pragma omp simd
  for (std::size_t i = 0; i < hidden; ++i) {
    const Real u = y[2 * hidden + i] + c[i];
    const Real n = fast_tanh(x[2 * hidden + i] + kept[i] * u);
    kept[2 * hidden + i] = n;
    kept[3 * hidden + i] = u;
    next[i] = n + kept[hidden + i] * (old[i] - n);
  }
}

// The slopes of one row of x, y, (u) and old, where those of next are g, and `later` if given.
void slopes_of_row(const Real* kept, const Real* old, const Real* g, const Real* later,
                   std::size_t hidden, Real* __restrict dx, Real* __restrict dy,
                   Real* __restrict du, Real* __restrict dh) {
  const Real *const r = kept, *const z = r + hidden, *const n = z + hidden, *const u = n + hidden;
  if (later) {
#pragma omp simd
    for (std::size_t i = 0; i < hidden; ++i) dh[i] = g[i] + later[i];
  } else {
    std::copy_n(g, hidden, dh);
  }
#pragma omp simd
  for (std::size_t i = 0; i < hidden; ++i) {
    const Real slope = dh[i];
    const Real gz = slope * z[i];
    const Real gn = slope - gz;
    const Real t = gn - gn * (n[i] * n[i]);
    const Real part_r = t * u[i] * r[i], part_z = slope * (old[i] - n[i]) * z[i];
    dh[i] = gz;
    dx[i] = dy[i] = part_r - part_r * r[i];
    dx[hidden + i] = dy[hidden + i] = part_z - part_z * z[i];
    dx[2 * hidden + i] = t;
    dy[2 * hidden + i] = du[i] = t * r[i];
  }
}

}  // namespace

GruGates gru_gates(const Array& projected, const Array& recurrent, const Array& bias,
                   const Array& h) {
  check(projected, recurrent, bias, h);
  const std::size_t rows = h.dim(0), hidden = h.dim(1);
  GruGates result{Array(h.shape()), Array(Shape{rows, 4 * hidden})};
  Real *const next = result.next.mutable_data(), *const gates = result.gates.mutable_data();
  const Real *const p = projected.data(), *const q = recurrent.data(), *const c = bias.data(),
                    *const old = h.data();
  for_recurrent_rows(rows, hidden, [&](std::size_t row) {
    widest<gates_of_row>(p + row * 3 * hidden, q + row * 3 * hidden, c, old + row * hidden, hidden,
                         gates + row * 4 * hidden, next + row * hidden);
  });
  return result;
}

GruGatesGrad gru_gates_grad(const Array& gates, const Array& h, const Array& g) {
  const std::size_t rows = h.dim(0), hidden = h.dim(1);
  GruGatesGrad result{
      Array(Shape{rows, 3 * hidden}), Array(Shape{rows, 3 * hidden}), {}, Array(h.shape())};
  Array inner(h.shape());  // of h·R_n + c
  Real *const dp = result.projected.mutable_data(), *const dq = result.recurrent.mutable_data(),
              *const dh = result.h.mutable_data(), *const du = inner.mutable_data();
  const Real *const kept = gates.data(), *const old = h.data(), *const slope = g.data();
  for_recurrent_rows(rows, hidden, [&](std::size_t row) {
    const std::size_t at = row * hidden;
    widest<slopes_of_row>(kept + 4 * at, old + at, slope + at, nullptr, hidden, dp + 3 * at,
                          dq + 3 * at, du + at, dh + at);
  });
  result.bias = sum_to(inner, Shape{hidden});
  return result;
}

namespace {

// Whether row b has step t.
class Steps {
 public:
  Steps(const Array* present, std::size_t steps)
      : present_(present ? present->data() : nullptr), steps_(steps) {}
  bool operator()(std::size_t b, std::size_t t) const {
    return !present_ || present_[b * steps_ + t] != 0;
  }

 private:
  const Real* present_;
  std::size_t steps_;
};

}  // namespace

GruSequence gru_sequence(const Array& projected, const Array& recurrent, const Array& bias,
                         const Array& start, bool back, const Array* present) {
  const std::size_t batch = projected.dim(0), steps = projected.dim(1), hidden = start.dim(1);
  const Steps has(present, steps);
  GruSequence result{Array(Shape{batch, steps, hidden}), {}, {}};
  Real* const each = result.each.mutable_data();
  Array h = start;
  for (std::size_t i = 0; i < steps; ++i) {
    const std::size_t t = back ? steps - 1 - i : i;
    const Array product = matmul(h, recurrent);
    Array next(h.shape()), gates(Shape{batch, 4 * hidden});
    Real *const to = next.mutable_data(), *const kept = gates.mutable_data();
    for_recurrent_rows(batch, hidden, [&](std::size_t row) {
      const std::size_t at = row * hidden, place = (row * steps + t) * hidden;
      if (!has(row, t)) {
        std::copy_n(h.data() + at, hidden, to + at);
        std::fill_n(each + place, hidden, Real(0));
        return;
      }
      widest<gates_of_row>(projected.data() + 3 * place, product.data() + 3 * at, bias.data(),
                           h.data() + at, hidden, kept + 4 * at, to + at);
      std::copy_n(to + at, hidden, each + place);
    });
    result.h.push_back(std::exchange(h, std::move(next)));
    result.gates.push_back(std::move(gates));
  }
  return result;
}

GruGatesGrad gru_sequence_grad(const GruSequence& forward, const Array& recurrent, const Array& g,
                               bool back, const Array* present) {
  const std::size_t batch = g.dim(0), steps = g.dim(1), hidden = g.dim(2);
  const Steps has(present, steps);
  GruGatesGrad result{Array(Shape{batch, steps, 3 * hidden}), {}, {}, Array(Shape{batch, hidden})};
  Array inner(g.shape()), slopes(Shape{batch, 3 * hidden});
  Real *const dp = result.projected.mutable_data(), *const du = inner.mutable_data(),
              *const dh = result.h.mutable_data();
  Array later = Array::zeros({batch, hidden});  // slopes that the step after sends back
  for (std::size_t i = steps; i-- > 0;) {
    const std::size_t t = back ? steps - 1 - i : i;
    Real* const dq = slopes.mutable_data();
    for_recurrent_rows(batch, hidden, [&](std::size_t row) {
      const std::size_t at = row * hidden, place = (row * steps + t) * hidden;
      if (!has(row, t)) {
        std::copy_n(later.data() + at, hidden, dh + at);
        std::fill_n(dp + 3 * place, 3 * hidden, Real(0));
        std::fill_n(dq + 3 * at, 3 * hidden, Real(0));
        std::fill_n(du + place, hidden, Real(0));
        return;
      }
      widest<slopes_of_row>(forward.gates[i].data() + 4 * at, forward.h[i].data() + at,
                            g.data() + place, i + 1 < steps ? later.data() + at : nullptr, hidden,
                            dp + 3 * place, dq + 3 * at, du + place, dh + at);
    });
    Array weight = matmul(forward.h[i], slopes, true, false);
    if (i + 1 < steps) {
      add_into(result.recurrent, weight);
    } else {
      result.recurrent = std::move(weight);
    }
    later = matmul(slopes, recurrent, false, true);
    add_into(later, result.h);
  }
  result.h = std::move(later);
  result.bias = sum_to(inner, Shape{hidden});
  return result;
}

}  // namespace attune::kernel
