#pragma once
#include <span>

#include "array/array.hpp"
#include "base/config.hpp"
#include "base/rng.hpp"

namespace attune {

// Random changes of training images, drawn per image from (episode, position): a small affine map
// about the centre with bilinear sampling (outside is 0), and a horizontal flip. All off by
// default.
class Augment {
 public:
  explicit Augment(const Config& config);
  bool active() const;
  // image (C,Y,X) → out (C,Y,X); rng is this image's own stream.
  void operator()(std::span<const Real> image, std::span<Real> out, std::size_t channels,
                  std::size_t height, std::size_t width, Rng rng) const;

 private:
  double shift_, rotate_, scale_, shear_;
  bool flip_;
};

}  // namespace attune
