#include <algorithm>
#include <cmath>

#include "array/norm_planes.hpp"
#include "array/parallel.hpp"
#include "array/storage.hpp"

namespace attune::kernel {
namespace {

constexpr std::size_t kLanes = kChannelBlock;

// Blocked images and the windows in their planes.
struct Images {
  ImageShape image;
  Plane plane;

  Images(const Shape& shape, std::size_t pool, const char* kernel)
      : image(shape, kernel), plane{image.height, image.width, pool} {
    if (!image.blocked || shape.size() == 0) {
      throw Error(std::string(kernel) +
                  ": want blocked images (S,C/16,Y,X,16), at least one, have " + shape.text());
    }
    if (pool == 0 || pool > image.height || pool > image.width) {
      throw Error(std::string(kernel) + ": want windows from 1 to the size of the images " +
                  shape.text() + ", have " + std::to_string(pool));
    }
  }

  Shape channel_shape() const { return {image.channels}; }
  Shape pooled_shape() const {
    return {image.images, image.channels / kLanes, plane.rows(), plane.columns(), kLanes};
  }
  std::size_t first_channel(std::size_t p) const { return p * kLanes % image.channels; }
  double positions() const {
    return static_cast<double>(image.images * image.height * image.width);
  }

  // body(p) for all planes; planes of about 2^16 values together are one block.
  template <typename Body>
  void for_planes(const Body& body) const {
    const std::size_t planes = image.planes();
    const std::size_t group = std::max<std::size_t>(1, (1 << 16) / plane.size());
    parallel_for((planes + group - 1) / group, [&](std::size_t block) {
      const std::size_t end = std::min(planes, (block + 1) * group);
      for (std::size_t p = block * group; p < end; ++p) body(p);
    });
  }
};

// Two sums in double for each channel of each plane, later added in the order of the images.
class PlaneSums {
 public:
  explicit PlaneSums(const ImageShape& image)
      : images_(image.images),
        groups_(image.channels / kLanes),
        memory_(image.planes() * 2 * kLanes * sizeof(double)),
        data_(static_cast<double*>(memory_.data())) {
    std::fill_n(data_, image.planes() * 2 * kLanes, 0.0);
  }
  double* first(std::size_t plane) { return data_ + plane * 2 * kLanes; }
  double* second(std::size_t plane) { return first(plane) + kLanes; }

  // visit(first, second) of one channel for every image.
  template <typename Visit>
  void for_channel(std::size_t channel, const Visit& visit) {
    for (std::size_t image = 0; image < images_; ++image) {
      const std::size_t plane = image * groups_ + channel / kLanes;
      visit(first(plane)[channel % kLanes], second(plane)[channel % kLanes]);
    }
  }

 private:
  std::size_t images_, groups_;
  storage::Buffer memory_;
  double* data_;
};

double inverse_deviation(Real var, Real eps) {
  return 1 / std::sqrt(static_cast<double>(var) + static_cast<double>(eps));
}

// z = (x - mean)·slope + offset for each channel, slope = gamma/√(var + eps).
struct Normalisation {
  Array mean, slope, offset;

  Normalisation(const Images& images, const NormStats& stats, const Array& gamma, const Array& beta,
                Real eps)
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
  Affine from(std::size_t channel) const {
    return {mean.data() + channel, slope.data() + channel, offset.data() + channel};
  }
};

struct Corrections {
  Array constant, factor;
  Feedback from(std::size_t channel) const {
    return {constant.data() + channel, factor.data() + channel};
  }
};

// The gradients of gamma and beta from the sums over all planes; with batch statistics also what
// they feed back to x (Ioffe & Szegedy 2015, section 3).
Corrections finish_sums(const Images& images, const NormStats& stats, const Array& slope, Real eps,
                        bool batch_stats, PlaneSums& sums, NormGrads& grads) {
  Corrections corrections{Array::zeros(images.channel_shape()),
                          Array::zeros(images.channel_shape())};
  Real* const gamma = grads.gamma.mutable_data();
  Real* const beta = grads.beta.mutable_data();
  Real* const constant = corrections.constant.mutable_data();
  Real* const factor = corrections.factor.mutable_data();
  for (std::size_t c = 0; c < slope.size(); ++c) {
    double sum = 0, product = 0;
    sums.for_channel(c, [&](double first, double second) {
      sum += first;
      product += second;
    });
    const double inverse = inverse_deviation(stats.var.data()[c], eps);
    gamma[c] = static_cast<Real>(product * inverse);
    beta[c] = static_cast<Real>(sum);
    if (!batch_stats) continue;
    const double share = slope.data()[c] / images.positions();
    constant[c] = static_cast<Real>(share * sum);
    factor[c] = static_cast<Real>(share * product * inverse * inverse);
  }
  return corrections;
}

}  // namespace

NormStats channel_stats(const Array& x) {
  const Images images(x.shape(), 1, "channel_stats");
  const std::size_t count = images.image.height * images.image.width;
  PlaneSums moments(images.image);
  images.for_planes([&](std::size_t p) {
    plane_kernels()[0].moments(x.data() + p * images.plane.size(), count, moments.first(p),
                               moments.second(p));
  });
  NormStats stats{Array(images.channel_shape()), Array(images.channel_shape())};
  Real* const means = stats.mean.mutable_data();
  Real* const vars = stats.var.mutable_data();
  for (std::size_t c = 0; c < stats.mean.size(); ++c) {
    const double start = moments.first(c / kLanes)[c % kLanes];
    double shift = 0, squares = 0;
    moments.for_channel(c, [&](double mean, double) { shift += mean - start; });
    const double mean = start + shift / static_cast<double>(images.image.images);
    moments.for_channel(c, [&](double own, double square) {
      squares += square + static_cast<double>(count) * (own - mean) * (own - mean);
    });
    means[c] = static_cast<Real>(mean);
    vars[c] = static_cast<Real>(squares / images.positions());
  }
  return stats;
}

Array norm_relu_pool(const Array& x, const NormStats& stats, const Array& gamma, const Array& beta,
                     Real eps, std::size_t pool) {
  const Images images(x.shape(), pool, "norm_relu_pool");
  const Normalisation by(images, stats, gamma, beta, eps);
  Array y(images.pooled_shape());
  Real* const to = y.mutable_data();
  const Plane& plane = images.plane;
  images.for_planes([&](std::size_t p) {
    plane_kernels()[0].forward(plane, x.data() + p * plane.size(), by.from(images.first_channel(p)),
                               to + p * plane.pooled_size());
  });
  return y;
}

NormGrads norm_relu_pool_grad(const Array& g, const Array& x, const NormStats& stats,
                              const Array& gamma, const Array& beta, Real eps, std::size_t pool,
                              bool batch_stats) {
  const Images images(x.shape(), pool, "norm_relu_pool_grad");
  const Normalisation by(images, stats, gamma, beta, eps);
  if (g.shape() != images.pooled_shape()) {
    throw Error("norm_relu_pool_grad: want a gradient of shape " + images.pooled_shape().text() +
                ", have " + g.shape().text());
  }
  NormGrads grads{Array(x.shape()), Array(gamma.shape()), Array(beta.shape())};
  PlaneSums sums(images.image);
  const Plane& plane = images.plane;
  images.for_planes([&](std::size_t p) {
    plane_kernels()[0].gradient_sums(plane, g.data() + p * plane.pooled_size(),
                                     x.data() + p * plane.size(), by.from(images.first_channel(p)),
                                     sums.first(p), sums.second(p));
  });
  const Corrections back = finish_sums(images, stats, by.slope, eps, batch_stats, sums, grads);
  Real* const dx = grads.x.mutable_data();
  images.for_planes([&](std::size_t p) {
    const std::size_t channel = images.first_channel(p);
    plane_kernels()[0].backward(plane, g.data() + p * plane.pooled_size(),
                                x.data() + p * plane.size(), by.from(channel), back.from(channel),
                                dx + p * plane.size());
  });
  return grads;
}

}  // namespace attune::kernel
