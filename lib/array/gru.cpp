#include "array/gru.hpp"

#include <algorithm>
#include <cmath>

#include "array/kernels.hpp"
#include "array/parallel.hpp"

namespace attune::kernel {
namespace {

constexpr std::size_t kValues = 1 << 13;  // of h in a block

template <typename Body>
void for_rows(std::size_t rows, std::size_t hidden, const Body& body) {
  const std::size_t block = std::max<std::size_t>(1, kValues / std::max<std::size_t>(1, hidden));
  parallel_for((rows + block - 1) / block, [&](std::size_t number) {
    const std::size_t end = std::min(rows, (number + 1) * block);
    for (std::size_t row = number * block; row < end; ++row) body(row);
  });
}

Real sigmoid_of(Real x) { return Real(1) / (Real(1) + std::exp(-x)); }

void check(const Array& projected, const Array& recurrent, const Array& bias, const Array& h) {
  const bool fits = h.rank() == 2 && projected.shape() == Shape{h.dim(0), 3 * h.dim(1)} &&
                    recurrent.shape() == projected.shape() && bias.shape() == Shape{h.dim(1)};
  if (!fits)
    throw Error("gru_gates: want (B,3·H), (B,3·H), (H), (B,H), have " + projected.shape().text() +
                ", " + recurrent.shape().text() + ", " + bias.shape().text() + ", " +
                h.shape().text());
}

}  // namespace

GruGates gru_gates(const Array& projected, const Array& recurrent, const Array& bias,
                   const Array& h) {
  check(projected, recurrent, bias, h);
  const std::size_t rows = h.dim(0), hidden = h.dim(1);
  GruGates result{Array(h.shape()), Array(Shape{rows, 4 * hidden})};
  Real* const next = result.next.mutable_data();
  Real* const gates = result.gates.mutable_data();
  const Real *const p = projected.data(), *const q = recurrent.data(), *const c = bias.data(),
                    *const old = h.data();
  for_rows(rows, hidden, [&](std::size_t row) {
    const Real *const x = p + row * 3 * hidden, *const y = q + row * 3 * hidden;
    Real* const kept = gates + row * 4 * hidden;
    for (std::size_t i = 0; i < 2 * hidden; ++i) kept[i] = sigmoid_of(x[i] + y[i]);
    for (std::size_t i = 0; i < hidden; ++i) kept[3 * hidden + i] = y[2 * hidden + i] + c[i];
    for (std::size_t i = 0; i < hidden; ++i)
      kept[2 * hidden + i] = std::tanh(x[2 * hidden + i] + kept[i] * kept[3 * hidden + i]);
    for (std::size_t i = 0; i < hidden; ++i) {
      const Real n = kept[2 * hidden + i];
      next[row * hidden + i] = n + kept[hidden + i] * (old[row * hidden + i] - n);
    }
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
  const Real *const all = gates.data(), *const old = h.data(), *const slope = g.data();
  for_rows(rows, hidden, [&](std::size_t row) {
    const Real *const r = all + row * 4 * hidden, *const z = r + hidden, *const n = z + hidden,
                      *const u = n + hidden;
    Real *const x = dp + row * 3 * hidden, *const y = dq + row * 3 * hidden;
    for (std::size_t i = 0; i < hidden; ++i) {
      const std::size_t at = row * hidden + i;
      const Real gz = slope[at] * z[i];
      const Real gn = slope[at] - gz;
      const Real t = gn - gn * (n[i] * n[i]);
      const Real part_r = t * u[i] * r[i], part_z = slope[at] * (old[at] - n[i]) * z[i];
      dh[at] = gz;
      du[at] = t * r[i];
      x[i] = y[i] = part_r - part_r * r[i];
      x[hidden + i] = y[hidden + i] = part_z - part_z * z[i];
      x[2 * hidden + i] = t;
      y[2 * hidden + i] = du[at];
    }
  });
  result.bias = sum_to(inner, Shape{hidden});
  return result;
}

namespace {

Array step_of(const Array& all, std::size_t t) {
  return slice(all, 1, t, t + 1).reshaped({all.dim(0), all.dim(2)});
}

void put_step(Array& all, const Array& step, std::size_t t) {
  const std::size_t width = all.dim(2), stride = all.dim(1) * width;
  Real* const to = all.mutable_data() + t * width;
  for (std::size_t row = 0; row < all.dim(0); ++row)
    std::copy_n(step.data() + row * width, width, to + row * stride);
}

}  // namespace

GruSequence gru_sequence(const Array& projected, const Array& recurrent, const Array& bias,
                         const Array& start, bool back) {
  const std::size_t batch = projected.dim(0), steps = projected.dim(1);
  GruSequence result{Array(Shape{batch, steps, start.dim(1)}), {}, {}};
  Array h = start;
  for (std::size_t i = 0; i < steps; ++i) {
    const std::size_t t = back ? steps - 1 - i : i;
    result.h.push_back(h);
    GruGates step = gru_gates(step_of(projected, t), matmul(h, recurrent), bias, h);
    h = std::move(step.next);
    result.gates.push_back(std::move(step.gates));
    put_step(result.each, h, t);
  }
  return result;
}

GruGatesGrad gru_sequence_grad(const GruSequence& forward, const Array& recurrent, const Array& g,
                               bool back) {
  const std::size_t batch = g.dim(0), steps = g.dim(1);
  GruGatesGrad result{Array(Shape{batch, steps, recurrent.dim(1)}), {}, {}, {}};
  Array through;  // what the step after sends back: past its gates, then past its product
  for (std::size_t i = steps; i-- > 0;) {
    const std::size_t t = back ? steps - 1 - i : i;
    Array slope = step_of(g, t);
    if (i + 1 < steps) {
      add_into(result.h, through);
      add_into(slope, result.h);
    }
    GruGatesGrad step = gru_gates_grad(forward.gates[i], forward.h[i], slope);
    put_step(result.projected, step.projected, t);
    through = matmul(step.recurrent, recurrent, false, true);
    Array weight = matmul(forward.h[i], step.recurrent, true, false);
    if (i + 1 < steps) {
      add_into(result.recurrent, weight);
      add_into(result.bias, step.bias);
    } else {
      result.recurrent = std::move(weight);
      result.bias = std::move(step.bias);
    }
    result.h = std::move(step.h);
  }
  add_into(result.h, through);
  return result;
}

}  // namespace attune::kernel
