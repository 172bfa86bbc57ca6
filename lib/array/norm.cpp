#include <algorithm>
#include <cmath>

#include "array/conv_shape.hpp"
#include "array/lanes.hpp"
#include "array/parallel.hpp"
#include "array/storage.hpp"

namespace attune::kernel {
namespace {

constexpr std::size_t kLanes = kChannelBlock;

ImageShape blocked_shape(const Shape& shape, const char* kernel) {
  const ImageShape image(shape, kernel);
  if (!image.blocked || image.planes() * image.height * image.width == 0) {
    throw Error(std::string(kernel) + ": want blocked images (S,C/16,Y,X,16), at least one, have " +
                shape.text());
  }
  return image;
}

// body(plane) for all planes (one image, 16 channels); planes of about 2^16 values together are one
// block.
template <typename Body>
void for_planes(const ImageShape& image, const Body& body) {
  const std::size_t values = image.height * image.width * kLanes, planes = image.planes();
  const std::size_t group = std::max<std::size_t>(1, (1 << 16) / values);
  parallel_for((planes + group - 1) / group, [&](std::size_t block) {
    const std::size_t end = std::min(planes, (block + 1) * group);
    for (std::size_t plane = block * group; plane < end; ++plane) body(plane);
  });
}

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

template <std::size_t W>
[[gnu::always_inline]] inline void add_to(double* sums, const lanes::Vector<W>& vector) {
  for (std::size_t lane = 0; lane < W; ++lane) sums[lane] += static_cast<double>(vector[lane]);
}

// ---- statistics -----------------------------------------------------------------------------

// sums[lane] += Σ (x - centre), or its square, over `count` positions; up to 32 of them are added
// in Real.
template <std::size_t W, bool Squared>
[[gnu::always_inline]] inline void sum_distances(const Real* x, std::size_t count,
                                                 const Real* centre, double* sums) {
  constexpr std::size_t kRun = 32;
  for (std::size_t lane = 0; lane < kLanes; lane += W) {
    const lanes::Vector<W> from = lanes::load<W>(centre + lane);
    for (std::size_t begin = 0; begin < count; begin += kRun) {
      const std::size_t end = std::min(count, begin + kRun);
      lanes::Vector<W> sum{};
      for (std::size_t i = begin; i < end; ++i) {
        const lanes::Vector<W> distance = lanes::load<W>(x + i * kLanes + lane) - from;
        sum += Squared ? distance * distance : distance;
      }
      add_to<W>(sums + lane, sum);
    }
  }
}

// Mean and Σ(x - mean)² of one plane. The first pass leaves the plane in cache for the second;
// distances from the first value make a constant channel exact.
template <std::size_t W>
[[gnu::always_inline]] inline void plane_moments(const Real* x, std::size_t count, double* mean,
                                                 double* squares) {
  alignas(64) Real centre[kLanes];
  std::copy_n(x, kLanes, centre);
  sum_distances<W, false>(x, count, centre, mean);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    mean[lane] = static_cast<double>(centre[lane]) + mean[lane] / static_cast<double>(count);
    centre[lane] = static_cast<Real>(mean[lane]);
  }
  sum_distances<W, true>(x, count, centre, squares);
}

// ---- normalise, rectify, pool ---------------------------------------------------------------

// z = (x - mean)·slope + offset for each channel, slope = gamma/√(var + eps).
struct Affine {
  Array mean, slope, offset;

  Affine(const ImageShape& image, const NormStats& stats, const Array& gamma, const Array& beta,
         Real eps)
      : mean(stats.mean), slope(gamma.shape()), offset(beta) {
    const Shape want{image.channels};
    for (const Array* each : {&stats.mean, &stats.var, &gamma, &beta}) {
      if (each->shape() != want) {
        throw Error("norm_relu_pool: want statistics, gamma and beta of shape " + want.text() +
                    ", have " + each->shape().text());
      }
    }
    Real* const to = slope.mutable_data();
    for (std::size_t c = 0; c < image.channels; ++c) {
      to[c] = static_cast<Real>(gamma.data()[c] * inverse_deviation(stats.var.data()[c], eps));
    }
  }
  static double inverse_deviation(Real var, Real eps) {
    return 1 / std::sqrt(static_cast<double>(var) + static_cast<double>(eps));
  }
};

// The windows of one plane. Pool is the size of the windows where it is known when compiling, 0
// elsewhere.
template <std::size_t Pool>
struct Plane {
  std::size_t height, width, size;

  std::size_t pool() const { return Pool ? Pool : size; }
  std::size_t rows() const { return height / pool(); }
  std::size_t columns() const { return width / pool(); }
  // Values from the plane's first to those of window (row, column), and of position i in it.
  std::size_t window(std::size_t row, std::size_t column) const {
    return (row * width + column) * pool() * kLanes;
  }
  std::size_t inside(std::size_t i) const { return (i / pool() * width + i % pool()) * kLanes; }
};

// Calls body(Plane) with the pool size as a constant for the usual sizes.
template <typename Body>
void with_pool(const ImageShape& image, std::size_t pool, const Body& body) {
  if (pool == 0 || pool > image.height || pool > image.width) {
    throw Error("norm_relu_pool: want windows from 1 to the size of the images " +
                image.shape().text() + ", have " + std::to_string(pool));
  }
  if (pool == 1) return body(Plane<1>{image.height, image.width, pool});
  if (pool == 2) return body(Plane<2>{image.height, image.width, pool});
  body(Plane<0>{image.height, image.width, pool});
}

template <std::size_t W>
struct Coefficients {
  lanes::Vector<W> mean, slope, offset;
  [[gnu::always_inline]] Coefficients(const Affine& affine, std::size_t channel)
      : mean(lanes::load<W>(affine.mean.data() + channel)),
        slope(lanes::load<W>(affine.slope.data() + channel)),
        offset(lanes::load<W>(affine.offset.data() + channel)) {}
};

// The first maximum of z in a window, and x - mean there. NaN wins, so that it does not vanish.
template <std::size_t W>
struct Winner {
  using Vector = lanes::Vector<W>;
  Vector z, distance;

  template <std::size_t Pool>
  [[gnu::always_inline]] Winner(const Plane<Pool>& plane, const Real* x,
                                const Coefficients<W>& by) {
    distance = lanes::load<W>(x) - by.mean;
    z = distance * by.slope + by.offset;
    for (std::size_t i = 1; i < plane.pool() * plane.pool(); ++i) {
      const Vector other = lanes::load<W>(x + plane.inside(i)) - by.mean;
      const Vector value = other * by.slope + by.offset;
      const auto better = (value > z) | (value != value);
      z = better ? value : z;
      distance = better ? other : distance;
    }
  }
};

template <std::size_t W, std::size_t Pool>
[[gnu::always_inline]] inline void forward_plane(const Plane<Pool>& plane, const Real* x,
                                                 const Affine& affine, std::size_t channel,
                                                 Real* y) {
  for (std::size_t lane = 0; lane < kLanes; lane += W) {
    const Coefficients<W> by(affine, channel + lane);
    Real* to = y + lane;
    for (std::size_t row = 0; row < plane.rows(); ++row) {
      for (std::size_t column = 0; column < plane.columns(); ++column, to += kLanes) {
        const Winner<W> best(plane, x + plane.window(row, column) + lane, by);
        lanes::store<W>(to) = best.z < 0 ? lanes::Vector<W>{} : best.z;
      }
    }
  }
}

// Σ g and Σ g·(x - mean) over the positions that won and passed the rectifier.
template <std::size_t W, std::size_t Pool>
[[gnu::always_inline]] inline void gradient_sums(const Plane<Pool>& plane, const Real* g,
                                                 const Real* x, const Affine& affine,
                                                 std::size_t channel, double* sums,
                                                 double* products) {
  for (std::size_t lane = 0; lane < kLanes; lane += W) {
    const Coefficients<W> by(affine, channel + lane);
    const Real* from = g + lane;
    for (std::size_t row = 0; row < plane.rows(); ++row) {
      lanes::Vector<W> sum{}, product{};
      for (std::size_t column = 0; column < plane.columns(); ++column, from += kLanes) {
        const Winner<W> best(plane, x + plane.window(row, column) + lane, by);
        const lanes::Vector<W> passed = best.z > 0 ? lanes::load<W>(from) : lanes::Vector<W>{};
        sum += passed;
        product += passed * best.distance;
      }
      add_to<W>(sums + lane, sum);
      add_to<W>(products + lane, product);
    }
  }
}

// What the statistics' own dependence on x takes off each gradient: constant + (x - mean)·factor.
struct Correction {
  Array constant, factor;
};

template <std::size_t W>
struct Feedback {
  Coefficients<W> by;
  lanes::Vector<W> constant, factor;
  [[gnu::always_inline]] Feedback(const Affine& affine, const Correction& correction,
                                  std::size_t channel)
      : by(affine, channel),
        constant(lanes::load<W>(correction.constant.data() + channel)),
        factor(lanes::load<W>(correction.factor.data() + channel)) {}

  // Positions first … first+count-1 of a row, which no window covers.
  [[gnu::always_inline]] void uncovered(const Real* x, Real* dx, std::size_t count) const {
    for (std::size_t i = 0; i < count * kLanes; i += kLanes) {
      lanes::store<W>(dx + i) = -constant - (lanes::load<W>(x + i) - by.mean) * factor;
    }
  }

  template <std::size_t Pool>
  [[gnu::always_inline]] void window(const Plane<Pool>& plane, const Real* g, const Real* x,
                                     Real* dx) const {
    const Winner<W> best(plane, x, by);
    const lanes::Vector<W> passed = best.z > 0 ? lanes::load<W>(g) * by.slope : lanes::Vector<W>{};
    auto open = best.z == best.z;
    for (std::size_t i = 0; i < plane.pool() * plane.pool(); ++i) {
      const lanes::Vector<W> distance = lanes::load<W>(x + plane.inside(i)) - by.mean;
      const auto won = (distance * by.slope + by.offset == best.z) & open;
      open = open & ~won;
      lanes::store<W>(dx + plane.inside(i)) =
          (won ? passed : lanes::Vector<W>{}) - constant - distance * factor;
    }
  }
};

template <std::size_t W, std::size_t Pool>
[[gnu::always_inline]] inline void backward_plane(const Plane<Pool>& plane, const Real* g,
                                                  const Real* x, const Affine& affine,
                                                  const Correction& correction, std::size_t channel,
                                                  Real* dx) {
  const std::size_t covered_rows = plane.rows() * plane.pool();
  const std::size_t covered_columns = plane.columns() * plane.pool();
  for (std::size_t lane = 0; lane < kLanes; lane += W) {
    const Feedback<W> back(affine, correction, channel + lane);
    const Real* from = g + lane;
    for (std::size_t row = 0; row < plane.rows(); ++row) {
      for (std::size_t column = 0; column < plane.columns(); ++column, from += kLanes) {
        const std::size_t at = plane.window(row, column) + lane;
        back.window(plane, from, x + at, dx + at);
      }
    }
    for (std::size_t row = 0; row < plane.height; ++row) {
      const std::size_t first = row < covered_rows ? covered_columns : 0;
      const std::size_t at = (row * plane.width + first) * kLanes + lane;
      back.uncovered(x + at, dx + at, plane.width - first);
    }
  }
}

// First channel of a plane.
std::size_t channel_of(const ImageShape& image, std::size_t plane) {
  return plane * kLanes % image.channels;
}

}  // namespace

NormStats channel_stats(const Array& x) {
  const ImageShape image = blocked_shape(x.shape(), "channel_stats");
  const std::size_t count = image.height * image.width;
  PlaneSums moments(image);
  for_planes(image, [&](std::size_t plane) {
    const Real* const from = x.data() + plane * count * kLanes;
    lanes::run([&]<std::size_t W>() __attribute__((always_inline)) {
      plane_moments<W>(from, count, moments.first(plane), moments.second(plane));
    });
  });
  NormStats stats{Array({image.channels}), Array({image.channels})};
  Real* const means = stats.mean.mutable_data();
  Real* const vars = stats.var.mutable_data();
  const double images = static_cast<double>(image.images), size = static_cast<double>(count);
  for (std::size_t c = 0; c < image.channels; ++c) {
    const double start = moments.first(c / kLanes)[c % kLanes];
    double shift = 0, squares = 0;
    moments.for_channel(c, [&](double mean, double) { shift += mean - start; });
    const double mean = start + shift / images;
    moments.for_channel(c, [&](double own, double square) {
      squares += square + size * (own - mean) * (own - mean);
    });
    means[c] = static_cast<Real>(mean);
    vars[c] = static_cast<Real>(squares / (images * size));
  }
  return stats;
}

Array norm_relu_pool(const Array& x, const NormStats& stats, const Array& gamma, const Array& beta,
                     Real eps, std::size_t pool) {
  const ImageShape image = blocked_shape(x.shape(), "norm_relu_pool");
  const Affine affine(image, stats, gamma, beta, eps);
  Array y;
  with_pool(image, pool, [&](const auto& plane) {
    const std::size_t in = image.height * image.width * kLanes;
    const std::size_t out = plane.rows() * plane.columns() * kLanes;
    y = Array({image.images, image.channels / kLanes, plane.rows(), plane.columns(), kLanes});
    Real* const to = y.mutable_data();
    for_planes(image, [&](std::size_t p) {
      lanes::run([&]<std::size_t W>() __attribute__((always_inline)) {
        forward_plane<W>(plane, x.data() + p * in, affine, channel_of(image, p), to + p * out);
      });
    });
  });
  return y;
}

namespace {

// The gradients of gamma and beta from the sums over all planes; with batch statistics also what
// they feed back to x (Ioffe & Szegedy 2015, section 3).
Correction finish_sums(const ImageShape& image, const NormStats& stats, const Affine& affine,
                       Real eps, bool batch_stats, PlaneSums& sums, NormGrads& grads) {
  Correction correction{Array::zeros({image.channels}), Array::zeros({image.channels})};
  Real* const gamma = grads.gamma.mutable_data();
  Real* const beta = grads.beta.mutable_data();
  Real* const constant = correction.constant.mutable_data();
  Real* const factor = correction.factor.mutable_data();
  const double count = static_cast<double>(image.images * image.height * image.width);
  for (std::size_t c = 0; c < image.channels; ++c) {
    double sum = 0, product = 0;
    sums.for_channel(c, [&](double first, double second) {
      sum += first;
      product += second;
    });
    const double inverse = Affine::inverse_deviation(stats.var.data()[c], eps);
    gamma[c] = static_cast<Real>(product * inverse);
    beta[c] = static_cast<Real>(sum);
    if (!batch_stats) continue;
    const double slope = affine.slope.data()[c];
    constant[c] = static_cast<Real>(slope * sum / count);
    factor[c] = static_cast<Real>(slope * product * inverse * inverse / count);
  }
  return correction;
}

}  // namespace

NormGrads norm_relu_pool_grad(const Array& g, const Array& x, const NormStats& stats,
                              const Array& gamma, const Array& beta, Real eps, std::size_t pool,
                              bool batch_stats) {
  const ImageShape image = blocked_shape(x.shape(), "norm_relu_pool_grad");
  const Affine affine(image, stats, gamma, beta, eps);
  NormGrads grads{Array(x.shape()), Array(gamma.shape()), Array(beta.shape())};
  with_pool(image, pool, [&](const auto& plane) {
    const std::size_t in = image.height * image.width * kLanes;
    const std::size_t out = plane.rows() * plane.columns() * kLanes;
    const Shape want{image.images, image.channels / kLanes, plane.rows(), plane.columns(), kLanes};
    if (g.shape() != want) {
      throw Error("norm_relu_pool_grad: want a gradient of shape " + want.text() + ", have " +
                  g.shape().text());
    }
    PlaneSums sums(image);
    for_planes(image, [&](std::size_t p) {
      lanes::run([&]<std::size_t W>() __attribute__((always_inline)) {
        gradient_sums<W>(plane, g.data() + p * out, x.data() + p * in, affine, channel_of(image, p),
                         sums.first(p), sums.second(p));
      });
    });
    const Correction correction = finish_sums(image, stats, affine, eps, batch_stats, sums, grads);
    Real* const dx = grads.x.mutable_data();
    for_planes(image, [&](std::size_t p) {
      lanes::run([&]<std::size_t W>() __attribute__((always_inline)) {
        backward_plane<W>(plane, g.data() + p * out, x.data() + p * in, affine, correction,
                          channel_of(image, p), dx + p * in);
      });
    });
  });
  return grads;
}

}  // namespace attune::kernel
