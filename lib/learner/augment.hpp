#pragma once
#include <span>

#include "array/array.hpp"
#include "base/config.hpp"
#include "base/rng.hpp"

namespace attune {

// Where an output position is read from, both relative to the image's centre, in pixels.
struct Affine {
  double xx = 1, xy = 0, yx = 0, yy = 1, dx = 0, dy = 0;
};

// Ranges that a random affine map is drawn from. Keys: shift, rotate, scale, shear, flip; all off
// by default.
class AffineRanges {
 public:
  explicit AffineRanges(const Config& config);
  bool active() const;
  Affine draw(Rng& rng) const;

 private:
  double shift_, rotate_, scale_, shear_;
  bool flip_;
};

// Random changes of training images by bilinear sampling; outside of an image is 0. Each image gets
// a map of its own, and under "classes" one map is drawn per class and episode for all its images:
// the transformed class is a class of its own, so that a few thousand classes become many more
// (class-level augmentation, as the rotations of Omniglot, but drawn anew in each episode).
class Augment {
 public:
  explicit Augment(const Config& config);
  bool active() const;
  // image (C,Y,X) → out (C,Y,X), the class's map first, in one sampling; `image_rng` is this
  // image's own stream, `class_rng` the same for all images of its class in the episode.
  void operator()(std::span<const Real> image, std::span<Real> out, std::size_t channels,
                  std::size_t height, std::size_t width, Rng image_rng, Rng class_rng) const;

 private:
  AffineRanges images_, classes_;
};

}  // namespace attune
