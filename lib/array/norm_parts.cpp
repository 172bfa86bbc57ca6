#include "array/norm_parts.hpp"

#include <cmath>

namespace attune::kernel {
namespace {

constexpr std::size_t kLanes = kChannelBlock;

double inverse_deviation(Real var, Real eps) {
  return 1 / std::sqrt(static_cast<double>(var) + static_cast<double>(eps));
}

}  // namespace

Images::Images(const Shape& shape, std::size_t pool, const char* kernel)
    : image(shape, kernel), plane{image.height, image.width, pool} {
  if (!image.blocked || shape.size() == 0) {
    throw Error(std::string(kernel) + ": want blocked images (S,C/16,Y,X,16), at least one, have " +
                shape.text());
  }
  if (pool == 0 || pool > image.height || pool > image.width) {
    throw Error(std::string(kernel) + ": want windows from 1 to the size of the images " +
                shape.text() + ", have " + std::to_string(pool));
  }
}

void Images::check_pooled(const char* what, const Array& have) const {
  if (have.shape() == pooled_shape()) return;
  throw Error("norm_relu_pool_grad: want " + std::string(what) + " of shape " +
              pooled_shape().text() + ", have " + have.shape().text());
}

Normalisation::Normalisation(const Images& images, const NormStats& stats, const Array& gamma,
                             const Array& beta, Real eps)
    : mean(stats.mean), slope(images.channel_shape()), offset(beta) {
  const Shape want = images.channel_shape();
  for (const Array* each : {&stats.mean, &stats.var, &gamma, &beta}) {
    if (each->shape() != want) {
      throw Error("norm_relu_pool: want statistics, gamma and beta of shape " + want.text() +
                  ", have " + each->shape().text());
    }
  }
  Real* const to = slope.mutable_data();
  for (std::size_t c = 0; c < slope.size(); ++c) {
    to[c] = static_cast<Real>(gamma.data()[c] * inverse_deviation(stats.var.data()[c], eps));
  }
}

NormStats finish_moments(const Images& images, PlaneSums& moments) {
  const double count = static_cast<double>(images.image.height * images.image.width);
  NormStats stats{Array(images.channel_shape()), Array(images.channel_shape())};
  Real* const means = stats.mean.mutable_data();
  Real* const vars = stats.var.mutable_data();
  for (std::size_t c = 0; c < stats.mean.size(); ++c) {
    const double start = moments.first(c / kLanes)[c % kLanes];
    double shift = 0, squares = 0;
    moments.for_channel(c, [&](double mean, double) { shift += mean - start; });
    const double mean = start + shift / static_cast<double>(images.image.images);
    moments.for_channel(c, [&](double own, double square) {
      squares += square + count * (own - mean) * (own - mean);
    });
    means[c] = static_cast<Real>(mean);
    vars[c] = static_cast<Real>(squares / images.positions());
  }
  return stats;
}

Corrections finish_gradients(const Images& images, const Array& g, const Array& winners,
                             const NormStats& stats, const Normalisation& by, Real eps,
                             bool batch_stats, Array& gamma, Array& beta) {
  PlaneSums sums(images.image);
  const Images pooled = images.winners();
  const std::size_t size = pooled.plane.size();
  pooled.for_planes([&](std::size_t p) {
    plane_kernels()[0].gradient_sums(pooled.plane, g.data() + p * size, winners.data() + p * size,
                                     by.from(images.first_channel(p)), sums.first(p),
                                     sums.second(p));
  });
  Corrections corrections{Array::zeros(images.channel_shape()),
                          Array::zeros(images.channel_shape())};
  Real* const to_gamma = gamma.mutable_data();
  Real* const to_beta = beta.mutable_data();
  Real* const constant = corrections.constant.mutable_data();
  Real* const factor = corrections.factor.mutable_data();
  for (std::size_t c = 0; c < by.slope.size(); ++c) {
    double sum = 0, product = 0;
    sums.for_channel(c, [&](double first, double second) {
      sum += first;
      product += second;
    });
    const double inverse = inverse_deviation(stats.var.data()[c], eps);
    to_gamma[c] = static_cast<Real>(product * inverse);
    to_beta[c] = static_cast<Real>(sum);
    if (!batch_stats) continue;
    const double share = by.slope.data()[c] / images.positions();
    constant[c] = static_cast<Real>(share * sum);
    factor[c] = static_cast<Real>(share * product * inverse * inverse);
  }
  return corrections;
}

}  // namespace attune::kernel
