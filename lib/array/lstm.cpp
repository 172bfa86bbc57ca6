#include "array/lstm.hpp"

#include "array/fast_exp.hpp"
#include "array/recurrent_rows.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

void gates_of_row(const Real* z, const Real* c, std::size_t hidden, Real* __restrict kept,
                  Real* __restrict state) {
#pragma omp simd
  for (std::size_t k = 0; k < hidden; ++k) {
    const Real i = fast_sigmoid(z[k]), f = fast_sigmoid(z[hidden + k]);
    const Real g = fast_tanh(z[2 * hidden + k]), o = fast_sigmoid(z[3 * hidden + k]);
    const Real next = f * c[k] + i * g;
    const Real seen = fast_tanh(next);
    kept[k] = i;
    kept[hidden + k] = f;
    kept[2 * hidden + k] = g;
    kept[3 * hidden + k] = o;
    kept[4 * hidden + k] = seen;
    state[k] = o * seen;
    state[hidden + k] = next;
  }
}

void slopes_of_row(const Real* kept, const Real* c, const Real* slope, std::size_t hidden,
                   Real* __restrict dz, Real* __restrict dc) {
#pragma omp simd
  for (std::size_t k = 0; k < hidden; ++k) {
    const Real i = kept[k], f = kept[hidden + k], g = kept[2 * hidden + k],
               o = kept[3 * hidden + k], seen = kept[4 * hidden + k];
    const Real dh = slope[k], through = dh * o;
    const Real next = slope[hidden + k] + (through - through * (seen * seen));
    dc[k] = next * f;
    dz[k] = next * g * (i - i * i);
    dz[hidden + k] = next * c[k] * (f - f * f);
    dz[2 * hidden + k] = next * i * (1 - g * g);
    dz[3 * hidden + k] = dh * seen * (o - o * o);
  }
}

}  // namespace

LstmGates lstm_gates(const Array& z, const Array& c) {
  if (c.rank() != 2 || z.shape() != Shape{c.dim(0), 4 * c.dim(1)})
    throw Error("lstm_gates: want (B,4·H) and (B,H), have " + z.shape().text() + " and " +
                c.shape().text());
  const std::size_t rows = c.dim(0), hidden = c.dim(1);
  LstmGates result{Array(Shape{rows, 2 * hidden}), Array(Shape{rows, 5 * hidden})};
  Real *const state = result.state.mutable_data(), *const gates = result.gates.mutable_data();
  for_recurrent_rows(rows, hidden, [&](std::size_t row) {
    const std::size_t at = row * hidden;
    widest<gates_of_row>(z.data() + 4 * at, c.data() + at, hidden, gates + 5 * at, state + 2 * at);
  });
  return result;
}

LstmGatesGrad lstm_gates_grad(const Array& gates, const Array& c, const Array& slope) {
  const std::size_t rows = c.dim(0), hidden = c.dim(1);
  LstmGatesGrad result{Array(Shape{rows, 4 * hidden}), Array(c.shape())};
  Real *const dz = result.z.mutable_data(), *const dc = result.c.mutable_data();
  for_recurrent_rows(rows, hidden, [&](std::size_t row) {
    const std::size_t at = row * hidden;
    widest<slopes_of_row>(gates.data() + 5 * at, c.data() + at, slope.data() + 2 * at, hidden,
                          dz + 4 * at, dc + at);
  });
  return result;
}

}  // namespace attune::kernel
