#include "array/layer_norm.hpp"

#include <cmath>

#include "array/last_axis.hpp"
#include "array/sums.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

void squares(const Real* x, Real centre, std::size_t count, Real* __restrict out) {
  for (std::size_t j = 0; j < count; ++j) {
    const Real centred = x[j] - centre;
    out[j] = centred * centred;
  }
}

void normalise(const Real* x, Real centre, Real scale, const Real* gamma, const Real* beta,
               std::size_t count, Real* __restrict out) {
  for (std::size_t j = 0; j < count; ++j) out[j] = (x[j] - centre) * scale * gamma[j] + beta[j];
}

void products(const Real* g, const Real* gamma, const Real* x, Real centre, std::size_t count,
              Real* __restrict out) {
  for (std::size_t j = 0; j < count; ++j) out[j] = g[j] * gamma[j] * (x[j] - centre);
}

// Gradients of a row: `to_variance` is that of its variance, over D.
void pull(const Real* g, const Real* gamma, const Real* x, Real centre, Real scale,
          Real to_variance, std::size_t count, Real* __restrict to_x, double* __restrict to_gamma,
          double* __restrict to_beta) {
  for (std::size_t j = 0; j < count; ++j) {
    const Real centred = x[j] - centre;
    to_gamma[j] += static_cast<double>(g[j] * (centred * scale));
    to_beta[j] += static_cast<double>(g[j]);
    to_x[j] = g[j] * gamma[j] * scale + to_variance * (centred * 2);
  }
}

Rows rows_of(const Array& x, const Array& centre, const Array& gamma, const Array& beta) {
  const Rows rows("layer_norm", x);
  rows.want_values("layer_norm", x);
  const Shape features{rows.length};
  if (gamma.shape() != features || beta.shape() != features || centre.size() != rows.count)
    throw Error("layer_norm: want x (…,D), centre (…,1), gamma and beta (D), have " +
                x.shape().text() + ", " + centre.shape().text() + ", " + gamma.shape().text() +
                " and " + beta.shape().text());
  return rows;
}

// The columns of `blocks` pairs of partial sums, added in their order.
void finish(const double* partial, std::size_t blocks, std::size_t columns, std::size_t which,
            Real* to) {
  for (std::size_t j = 0; j < columns; ++j) {
    double total = 0;
    for (std::size_t block = 0; block < blocks; ++block)
      total += partial[(2 * block + which) * columns + j];
    to[j] = static_cast<Real>(total);
  }
}

}  // namespace

LayerNorm layer_norm(const Array& x, const Array& centre, const Array& gamma, const Array& beta,
                     Real eps) {
  const Rows rows = rows_of(x, centre, gamma, beta);
  const std::size_t count = rows.length;
  const Real share = Real(1) / static_cast<Real>(count);
  LayerNorm result{Array(x.shape()), Array(centre.shape())};
  Real* const y = result.y.mutable_data();
  Real* const deviation = result.deviation.mutable_data();
  rows.for_each([&](std::size_t row) {
    const Real* const from = x.data() + row * count;
    Real* const to = y + row * count;
    const Real middle = centre.data()[row];
    widest<squares>(from, middle, count, to);
    deviation[row] = std::sqrt(static_cast<Real>(sum_line(to, count)) * share + eps);
    widest<normalise>(from, middle, Real(1) / deviation[row], gamma.data(), beta.data(), count, to);
  });
  return result;
}

LayerNormGrad layer_norm_grad(const Array& g, const Array& x, const Array& centre,
                              const Array& deviation, const Array& gamma) {
  const Rows rows = rows_of(x, centre, gamma, gamma);
  const std::size_t count = rows.length, height = rows_of_sum_block(count);
  const std::size_t blocks = (rows.count + height - 1) / height;
  const Real share = Real(1) / static_cast<Real>(count);
  LayerNormGrad result{Array(x.shape()), Array(centre.shape()), Array(gamma.shape()),
                       Array(gamma.shape())};
  Real* const to_x = result.x.mutable_data();
  Real* const to_centre = result.centre.mutable_data();
  const storage::Buffer memory(blocks * 2 * count * sizeof(double));
  double* const partial = static_cast<double*>(memory.data());
  parallel_for(blocks, [&](std::size_t block) {
    double* const sums = partial + block * 2 * count;
    std::fill_n(sums, 2 * count, 0.0);
    const std::size_t end = std::min(rows.count, (block + 1) * height);
    for (std::size_t row = block * height; row < end; ++row) {
      const std::size_t at = row * count;
      const Real middle = centre.data()[row], root = deviation.data()[row], scale = Real(1) / root;
      widest<products>(g.data() + at, gamma.data(), x.data() + at, middle, count, to_x + at);
      const Real to_scale = static_cast<Real>(sum_line(to_x + at, count));
      const Real to_root = -(to_scale / root * scale);
      widest<pull>(g.data() + at, gamma.data(), x.data() + at, middle, scale,
                   to_root * Real(0.5) / root * share, count, to_x + at, sums, sums + count);
      to_centre[row] = -static_cast<Real>(sum_line(to_x + at, count));
    }
  });
  finish(partial, blocks, count, 0, result.gamma.mutable_data());
  finish(partial, blocks, count, 1, result.beta.mutable_data());
  return result;
}

}  // namespace attune::kernel
