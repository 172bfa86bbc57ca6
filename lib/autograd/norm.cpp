#include "array/layer_norm.hpp"
#include "autograd/ops.hpp"
#include "autograd/pick.hpp"

namespace attune {

namespace {

// Statistics over some axes of x, in a shape that broadcasts to x.
struct Grouping {
  std::vector<std::size_t> axes;
  Shape shape;
};

// (x − mean)/√(var + eps), and 1/√(var + eps).
struct Normalised {
  Var value;
  Var scale;
};

Grouping blocked_channels(const Shape& x) { return {{0, 2, 3}, {1, x[1], 1, 1, x[4]}}; }

Grouping channels_on(const Shape& x, std::size_t axis) {
  Grouping grouping{{}, x};
  for (std::size_t i = 0; i < x.rank(); ++i) {
    if (i == axis) continue;
    grouping.axes.push_back(i);
    grouping.shape[i] = 1;
  }
  return grouping;
}

Normalised normalise(const Var& x, const Grouping& grouping, Real eps,
                     const kernel::NormStats* fixed, kernel::NormStats* used) {
  const Var centre = fixed != nullptr ? constant(fixed->mean.reshaped(grouping.shape))
                                      : mean(x, grouping.axes, true);
  const Var centred = x - centre;
  const Var variance = fixed != nullptr ? constant(fixed->var.reshaped(grouping.shape))
                                        : mean(square(centred), grouping.axes, true);
  if (used != nullptr) {
    const Shape channels{grouping.shape.size()};
    *used = {centre.value().reshaped(channels), variance.value().reshaped(channels)};
  }
  const Var scale = constant(Real(1)) / sqrt(variance + eps);
  return {centred * scale, scale};
}

// Batch-norm as x·slope + offset, in a shape that broadcasts to x.
struct Line {
  Var slope, offset;
};

// By the statistics of `first`.
Line line_of(const Var& first, const Var& gamma, const Var& beta, Real eps,
             const Grouping& channels) {
  const Var centre = mean(first, channels.axes, true);
  const Var variance = mean(square(first - centre), channels.axes, true);
  const Var slope = reshape(gamma, channels.shape) / sqrt(variance + eps);
  return {slope, reshape(beta, channels.shape) - centre * slope};
}

struct NormReluPool {
  Var x, gamma, beta;
  Real eps;
  std::size_t pool;
  kernel::NormStats stats;
  bool batch_stats;
  Array winners = {};

  // Also notes the winners, which the gradient needs.
  Array value() {
    return kernel::norm_relu_pool(x.value(), stats, gamma.value(), beta.value(), eps, pool,
                                  recording() ? &winners : nullptr);
  }
  Vars fused_grad(const Var& g) const;
  Vars composed_grad(const Var& out, const Var& g, const Needed& needed) const;
  Var before_relu(const Var& out, const Var& g) const;
};

Vars NormReluPool::fused_grad(const Var& g) const {
  kernel::NormGrads grads = kernel::norm_relu_pool_grad(
      g.value(), x.value(), winners, stats, gamma.value(), beta.value(), eps, pool, batch_stats);
  return {constant(std::move(grads.x)), constant(std::move(grads.gamma)),
          constant(std::move(grads.beta))};
}

// The gradient where relu and pooling let it through.
Var NormReluPool::before_relu(const Var& out, const Var& g) const {
  const Var passed = g * constant(kernel::greater(out.value(), Array::scalar(0)));
  if (pool == 1) return passed;
  const Array full = kernel::norm_relu_pool(x.value(), stats, gamma.value(), beta.value(), eps, 1);
  const auto first = std::make_shared<const Indices>(kernel::max_pool(full, pool).second);
  return unpick(passed, first, x.shape());
}

// Ioffe & Szegedy 2015, §3, with x̂ a differentiable function of x.
Vars NormReluPool::composed_grad(const Var& out, const Var& g, const Needed& needed) const {
  const Grouping channels = blocked_channels(x.shape());
  const Normalised x_hat = normalise(x, channels, eps, batch_stats ? nullptr : &stats, nullptr);
  const Var inner = before_relu(out, g);
  const Var to_beta = sum(inner, channels.axes, true);
  const Var to_gamma = sum(inner * x_hat.value, channels.axes, true);
  Var to_x;
  if (needed[0]) {
    to_x = inner;
    if (batch_stats) {
      const Real share =
          static_cast<Real>(channels.shape.size()) / static_cast<Real>(x.shape().size());
      to_x = to_x - to_beta * share - x_hat.value * (to_gamma * share);
    }
    to_x = to_x * (reshape(gamma, channels.shape) * x_hat.scale);
  }
  return {to_x, reshape(to_gamma, gamma.shape()), reshape(to_beta, beta.shape())};
}

// The same of the convolution of a constant x.
struct ConvNormReluPool {
  Var x, w;
  kernel::Conv2d how;
  Var gamma, beta;
  Real eps;
  std::size_t pool;
  kernel::NormStats stats;
  bool batch_stats;
  Array winners = {};

  // Also notes the winners, which the gradient needs.
  Array value() {
    return kernel::conv_norm_relu_pool(x.value(), w.value(), how, stats, gamma.value(),
                                       beta.value(), eps, pool, recording() ? &winners : nullptr);
  }
  Vars fused_grad(const Var& g) const {
    kernel::ConvNormGrads grads =
        kernel::conv_norm_relu_pool_grad(g.value(), x.value(), w.value(), how, winners, stats,
                                         gamma.value(), beta.value(), eps, pool, batch_stats);
    return {constant(std::move(grads.w)), constant(std::move(grads.gamma)),
            constant(std::move(grads.beta))};
  }
  Vars composed_grad(const Var& out, const Var& g, const Needed& needed) const {
    const NormReluPool norm{conv2d(x, w, how, true), gamma, beta, eps, pool, stats, batch_stats};
    Vars grads = norm.composed_grad(out, g, needed);
    if (needed[0]) grads[0] = conv2d_weight_grad(x, grads[0], w.shape(), how);
    return grads;
  }
};

// (x − centre) over its deviation. The mean is an op of its own: so the gradients of x are added in
// the order in which those of the composed form are.
struct LayerNorm {
  Var x, centre, gamma;
  Real eps;
  Array deviation;

  Vars fused_grad(const Var& g) const {
    kernel::LayerNormGrad grads =
        kernel::layer_norm_grad(g.value(), x.value(), centre.value(), deviation, gamma.value());
    return {constant(std::move(grads.x)), constant(std::move(grads.centre)),
            constant(std::move(grads.gamma)), constant(std::move(grads.beta))};
  }
  // Ba et al. 2016, eq. 4, with the centre held.
  Vars composed_grad(const Var& g) const {
    const std::vector<std::size_t> last{x.shape().rank() - 1};
    const Var centred = x - centre;
    const Var scale = constant(Real(1)) / sqrt(mean(square(centred), last, true) + eps);
    const Var x_hat = centred * scale, inner = g * gamma;
    const Var to_x = (inner - x_hat * mean(inner * x_hat, last, true)) * scale;
    return {to_x, -sum(to_x, last, true), g * x_hat, g};
  }
};

}  // namespace

Var norm_relu_pool(const Var& x, const Var& gamma, const Var& beta, Real eps, std::size_t pool,
                   const kernel::NormStats* fixed, kernel::NormStats* used) {
  const bool batch_stats = fixed == nullptr;
  NormReluPool op{x,          gamma, beta,
                  eps,        pool,  batch_stats ? kernel::channel_stats(x.value()) : *fixed,
                  batch_stats};
  if (used != nullptr) *used = op.stats;
  Array y = op.value();
  return record("norm_relu_pool", std::move(y), {x, gamma, beta},
                [op = std::move(op)](const Var& out, const Var& g, const Needed& needed) {
                  return recording() ? op.composed_grad(out, g, needed) : op.fused_grad(g);
                });
}

Var conv_norm_relu_pool(const Var& x, const Var& w, kernel::Conv2d how, const Var& gamma,
                        const Var& beta, Real eps, std::size_t pool, const kernel::NormStats* fixed,
                        kernel::NormStats* used) {
  if (x.tracked() || !kernel::remakes_convolution(x.shape(), w.shape())) {
    return norm_relu_pool(conv2d(x, w, how, true), gamma, beta, eps, pool, fixed, used);
  }
  const bool batch_stats = fixed == nullptr;
  ConvNormReluPool op{
      x,          w,
      how,        gamma,
      beta,       eps,
      pool,       batch_stats ? kernel::conv_channel_stats(x.value(), w.value(), how) : *fixed,
      batch_stats};
  if (used != nullptr) *used = op.stats;
  Array y = op.value();
  return record("conv_norm_relu_pool", std::move(y), {w, gamma, beta},
                [op = std::move(op)](const Var& out, const Var& g, const Needed& needed) {
                  return recording() ? op.composed_grad(out, g, needed) : op.fused_grad(g);
                });
}

Var batch_norm(const Var& x, const Var& gamma, const Var& beta, Real eps, std::size_t axis,
               const kernel::NormStats* fixed, kernel::NormStats* used) {
  const Grouping channels = channels_on(x.shape(), axis);
  const Normalised x_hat = normalise(x, channels, eps, fixed, used);
  return x_hat.value * reshape(gamma, channels.shape) + reshape(beta, channels.shape);
}

Var conv_norm_relu_pool_by_first(const Var& x, const Var& w, kernel::Conv2d how, const Var& gamma,
                                 const Var& beta, Real eps, std::size_t pool, std::size_t rows) {
  // The fused kernels do x·slope + offset by statistics that change nothing.
  const kernel::NormStats none{Array::zeros(gamma.shape()), Array::full(gamma.shape(), 1)};
  const auto affine = [&](const Var& first) {
    return line_of(first, gamma, beta, eps, blocked_channels(first.shape()));
  };
  // Few images pass the convolution twice: a slice's gradient is as large as the whole.
  if (!x.tracked() && kernel::remakes_convolution(x.shape(), w.shape())) {
    const Line line = affine(conv2d(slice(x, 0, 0, rows), w, how, true));
    return conv_norm_relu_pool(x, w, how, reshape(line.slope, gamma.shape()),
                               reshape(line.offset, gamma.shape()), 0, pool, &none, nullptr);
  }
  const Var y = conv2d(x, w, how, true);
  const Line line = affine(slice(y, 0, 0, rows));
  return norm_relu_pool(y, reshape(line.slope, gamma.shape()), reshape(line.offset, gamma.shape()),
                        0, pool, &none, nullptr);
}

Var batch_norm_by_first(const Var& x, const Var& gamma, const Var& beta, Real eps, std::size_t axis,
                        std::size_t rows) {
  const Var first = slice(x, 0, 0, rows);
  const Line line = line_of(first, gamma, beta, eps, channels_on(first.shape(), axis));
  return x * line.slope + line.offset;
}

Var layer_norm(const Var& x, const Var& gamma, const Var& beta, Real eps) {
  const Var centre = mean(x, {x.shape().rank() - 1}, true);
  LayerNorm op{x, centre, gamma, eps, {}};
  kernel::LayerNorm made =
      kernel::layer_norm(x.value(), centre.value(), gamma.value(), beta.value(), eps);
  op.deviation = std::move(made.deviation);
  return record("layer_norm", std::move(made.y), {x, centre, gamma, beta},
                [op = std::move(op)](const Var&, const Var& g, const Needed&) {
                  return recording() ? op.composed_grad(g) : op.fused_grad(g);
                });
}

}  // namespace attune
