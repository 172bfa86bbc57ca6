#include "autograd/ops.hpp"

namespace attune {

namespace {

using Axes = std::vector<std::size_t>;

// (x − mean)/√(var + eps)·gamma + beta, statistics over `axes` of x or given in `stats_shape`.
struct Normaliser {
  Axes axes;
  Shape stats_shape;  // of the statistics, gamma and beta, broadcastable to x
  Real eps;

  Var operator()(const Var& x, const Var& gamma, const Var& beta, const kernel::NormStats* fixed,
                 kernel::NormStats* used) const;
};

Var Normaliser::operator()(const Var& x, const Var& gamma, const Var& beta,
                           const kernel::NormStats* fixed, kernel::NormStats* used) const {
  const Var centre =
      fixed != nullptr ? constant(fixed->mean.reshaped(stats_shape)) : mean(x, axes, true);
  const Var centred = x - centre;
  const Var variance = fixed != nullptr ? constant(fixed->var.reshaped(stats_shape))
                                        : mean(square(centred), axes, true);
  if (used != nullptr) {
    const Shape channels{stats_shape.size()};
    *used = {centre.value().reshaped(channels), variance.value().reshaped(channels)};
  }
  const Var factor = reshape(gamma, stats_shape) / sqrt(variance + eps);
  return centred * factor + reshape(beta, stats_shape);
}

// Per channel of blocked images.
Normaliser blocked_normaliser(const Shape& x, Real eps) {
  return {{0, 2, 3}, {1, x[1], 1, 1, x[4]}, eps};
}

// Per channel on `axis`.
Normaliser plain_normaliser(const Shape& x, std::size_t axis, Real eps) {
  Normaliser normaliser{{}, x, eps};
  for (std::size_t i = 0; i < x.rank(); ++i) {
    if (i == axis) continue;
    normaliser.axes.push_back(i);
    normaliser.stats_shape[i] = 1;
  }
  return normaliser;
}

// The same value as a node of its own, so that a walk back ends here.
Var alias(const Var& x) {
  return record("alias", x.value(), {x},
                [](const Var&, const Var& g, const Needed&) { return Vars{g}; });
}

Vars composed_grad(const Vars& inputs, const Var& g, const Needed& needed, Real eps,
                   std::size_t pool, const kernel::NormStats* fixed) {
  Vars ends;
  Vars wanted;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    ends.push_back(alias(inputs[i]));
    if (needed[i]) wanted.push_back(ends.back());
  }
  const Normaliser normalise = blocked_normaliser(inputs[0].shape(), eps);
  Var y = relu(normalise(ends[0], ends[1], ends[2], fixed, nullptr));
  if (pool > 1) y = max_pool(y, pool);
  const Vars found = grad_along(std::move(y), g, wanted, true);
  Vars gradients;
  std::size_t next = 0;
  for (const bool need : needed) gradients.push_back(need ? found[next++] : Var());
  return gradients;
}

}  // namespace

Var norm_relu_pool(const Var& x, const Var& gamma, const Var& beta, Real eps, std::size_t pool,
                   const kernel::NormStats* fixed, kernel::NormStats* used) {
  const bool batch_stats = fixed == nullptr;
  const kernel::NormStats stats = batch_stats ? kernel::channel_stats(x.value()) : *fixed;
  if (used != nullptr) *used = stats;
  Array value = kernel::norm_relu_pool(x.value(), stats, gamma.value(), beta.value(), eps, pool);
  return record("norm_relu_pool", std::move(value), {x, gamma, beta},
                [=](const Var&, const Var& g, const Needed& needed) {
                  if (recording()) {
                    return composed_grad({x, gamma, beta}, g, needed, eps, pool,
                                         batch_stats ? nullptr : &stats);
                  }
                  kernel::NormGrads grads =
                      kernel::norm_relu_pool_grad(g.value(), x.value(), stats, gamma.value(),
                                                  beta.value(), eps, pool, batch_stats);
                  return Vars{constant(std::move(grads.x)), constant(std::move(grads.gamma)),
                              constant(std::move(grads.beta))};
                });
}

Var batch_norm(const Var& x, const Var& gamma, const Var& beta, Real eps, std::size_t axis,
               const kernel::NormStats* fixed, kernel::NormStats* used) {
  const Normaliser normalise = plain_normaliser(x.shape(), axis, eps);
  return normalise(x, gamma, beta, fixed, used);
}

Var layer_norm(const Var& x, const Var& gamma, const Var& beta, Real eps) {
  const Axes last{x.shape().rank() - 1};
  const Var centred = x - mean(x, last, true);
  const Var variance = mean(square(centred), last, true);
  return centred / sqrt(variance + eps) * gamma + beta;
}

}  // namespace attune
