#include "array/norm_parts.hpp"

namespace attune::kernel {

NormStats channel_stats(const Array& x) {
  const Images images(x.shape(), 1, "channel_stats");
  const std::size_t count = images.image.height * images.image.width;
  PlaneSums moments(images.image);
  images.for_planes([&](std::size_t p) {
    plane_kernels()[0].moments(x.data() + p * images.plane.size(), count, moments.first(p),
                               moments.second(p));
  });
  return finish_moments(images, moments);
}

Array norm_relu_pool(const Array& x, const NormStats& stats, const Array& gamma, const Array& beta,
                     Real eps, std::size_t pool, Array* winners) {
  const Images images(x.shape(), pool, "norm_relu_pool");
  const Normalisation by(images, stats, gamma, beta, eps);
  Array y(images.pooled_shape());
  if (winners != nullptr) *winners = Array(images.pooled_shape());
  Real* const to = y.mutable_data();
  Real* const won = winners != nullptr ? winners->mutable_data() : nullptr;
  const Plane& plane = images.plane;
  images.for_planes([&](std::size_t p) {
    const std::size_t at = p * plane.pooled_size();
    plane_kernels()[0].forward(plane, x.data() + p * plane.size(), by.from(images.first_channel(p)),
                               to + at, won != nullptr ? won + at : nullptr);
  });
  return y;
}

NormGrads norm_relu_pool_grad(const Array& g, const Array& x, const Array& winners,
                              const NormStats& stats, const Array& gamma, const Array& beta,
                              Real eps, std::size_t pool, bool batch_stats) {
  const Images images(x.shape(), pool, "norm_relu_pool_grad");
  const Normalisation by(images, stats, gamma, beta, eps);
  images.check_pooled("a gradient", g);
  images.check_pooled("winners", winners);
  NormGrads grads{Array(x.shape()), Array(gamma.shape()), Array(beta.shape())};
  const Corrections back =
      finish_gradients(images, g, winners, stats, by, eps, batch_stats, grads.gamma, grads.beta);
  const Plane& plane = images.plane;
  Real* const dx = grads.x.mutable_data();
  images.for_planes([&](std::size_t p) {
    const std::size_t channel = images.first_channel(p);
    const std::size_t at = p * plane.size(), pooled = p * plane.pooled_size();
    plane_kernels()[0].backward(plane, g.data() + pooled, winners.data() + pooled, x.data() + at,
                                by.from(channel), back.from(channel), dx + at);
  });
  return grads;
}

}  // namespace attune::kernel
