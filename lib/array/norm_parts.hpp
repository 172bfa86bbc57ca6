#pragma once
#include <algorithm>

#include "array/norm_planes.hpp"
#include "array/parallel.hpp"
#include "array/storage.hpp"

// What the kernels of norm.cpp and conv_norm.cpp have in common: planes, sums over them, and what
// statistics and sums make of gamma and beta.
namespace attune::kernel {

// Blocked images and the windows in their planes.
class Images {
 public:
  ImageShape image;
  Plane plane;

  // Error, with the name of the kernel, when the windows or the images do not fit.
  Images(const Shape& shape, std::size_t pool, const char* kernel);
  // Error when `have` is not shaped like the pooled images.
  void check_pooled(const char* what, const Array& have) const;

  Shape channel_shape() const { return {image.channels}; }
  Shape pooled_shape() const {
    return {image.images, image.channels / kChannelBlock, plane.rows(), plane.columns(),
            kChannelBlock};
  }
  // The first maxima of the windows, as images in windows of one.
  Images winners() const { return {pooled_shape(), 1, "norm_relu_pool"}; }
  std::size_t first_channel(std::size_t p) const { return p * kChannelBlock % image.channels; }
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
        groups_(image.channels / kChannelBlock),
        memory_(image.planes() * 2 * kChannelBlock * sizeof(double)),
        data_(static_cast<double*>(memory_.data())) {
    std::fill_n(data_, image.planes() * 2 * kChannelBlock, 0.0);
  }
  double* first(std::size_t plane) { return data_ + plane * 2 * kChannelBlock; }
  double* second(std::size_t plane) { return first(plane) + kChannelBlock; }

  // visit(first, second) of one channel for every image.
  template <typename Visit>
  void for_channel(std::size_t channel, const Visit& visit) {
    for (std::size_t image = 0; image < images_; ++image) {
      const std::size_t plane = image * groups_ + channel / kChannelBlock;
      visit(first(plane)[channel % kChannelBlock], second(plane)[channel % kChannelBlock]);
    }
  }

 private:
  std::size_t images_, groups_;
  storage::Buffer memory_;
  double* data_;
};

// z = (x - mean)·slope + offset for each channel, slope = gamma/√(var + eps).
struct Normalisation {
  Array mean, slope, offset;

  Normalisation(const Images& images, const NormStats& stats, const Array& gamma, const Array& beta,
                Real eps);
  Affine from(std::size_t channel) const {
    return {mean.data() + channel, slope.data() + channel, offset.data() + channel};
  }
};

// What batch statistics feed back to x (Ioffe & Szegedy 2015, section 3); zeros without.
struct Corrections {
  Array constant, factor;
  Feedback from(std::size_t channel) const {
    return {constant.data() + channel, factor.data() + channel};
  }
};

// From the mean and the sum of squares (PlaneKernels::moments) of each plane.
NormStats finish_moments(const Images& images, PlaneSums& moments);

// The gradients of gamma and beta, and the corrections, of images whose windows g and the winners'
// values are given.
Corrections finish_gradients(const Images& images, const Array& g, const Array& winners,
                             const NormStats& stats, const Normalisation& by, Real eps,
                             bool batch_stats, Array& gamma, Array& beta);

}  // namespace attune::kernel
