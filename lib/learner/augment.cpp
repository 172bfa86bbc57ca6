#include "learner/augment.hpp"

#include <cmath>
#include <numbers>

namespace attune {
namespace {

Real sample(const Real* plane, std::size_t height, std::size_t width, double y, double x) {
  const double fy = std::floor(y), fx = std::floor(x);
  const auto iy = static_cast<std::ptrdiff_t>(fy), ix = static_cast<std::ptrdiff_t>(fx);
  const Real wy = static_cast<Real>(y - fy), wx = static_cast<Real>(x - fx);
  const auto at = [&](std::ptrdiff_t row, std::ptrdiff_t column) {
    const bool inside = row >= 0 && column >= 0 && row < static_cast<std::ptrdiff_t>(height) &&
                        column < static_cast<std::ptrdiff_t>(width);
    return inside ? plane[static_cast<std::size_t>(row) * width + static_cast<std::size_t>(column)]
                  : Real(0);
  };
  const Real top = at(iy, ix) * (1 - wx) + at(iy, ix + 1) * wx;
  const Real bottom = at(iy + 1, ix) * (1 - wx) + at(iy + 1, ix + 1) * wx;
  return top * (1 - wy) + bottom * wy;
}

// The outer map applied to what the inner one gives.
Affine compose(const Affine& outer, const Affine& inner) {
  return {outer.xx * inner.xx + outer.xy * inner.yx,
          outer.xx * inner.xy + outer.xy * inner.yy,
          outer.yx * inner.xx + outer.yy * inner.yx,
          outer.yx * inner.xy + outer.yy * inner.yy,
          outer.xx * inner.dx + outer.xy * inner.dy + outer.dx,
          outer.yx * inner.dx + outer.yy * inner.dy + outer.dy};
}

}  // namespace

AffineRanges::AffineRanges(const Config& config)
    : shift_(config.real("shift", 0, {0, 64}, "largest shift, pixels")),
      rotate_(config.real("rotate", 0, {0, 180}, "largest rotation, degrees")),
      scale_(config.real("scale", 0, {0, 0.9}, "largest relative change of size")),
      shear_(config.real("shear", 0, {0, 1}, "largest shear, pixels per pixel")),
      flip_(config.flag("flip", false, "mirror left and right with probability 1/2")) {}

bool AffineRanges::active() const {
  return flip_ || shift_ > 0 || rotate_ > 0 || scale_ > 0 || shear_ > 0;
}

Affine AffineRanges::draw(Rng& rng) const {
  const double angle = rng.uniform(-rotate_, rotate_) * std::numbers::pi / 180;
  const double size = 1 + rng.uniform(-scale_, scale_), shear = rng.uniform(-shear_, shear_);
  const double mirror = flip_ && rng.bernoulli(0.5) ? -1 : 1;
  const double c = std::cos(angle) / size, s = std::sin(angle) / size;
  const double dx = rng.uniform(-shift_, shift_), dy = rng.uniform(-shift_, shift_);
  return {mirror * c, -s + shear * c, mirror * s, c + shear * s, dx, dy};
}

Augment::Augment(const Config& config) : images_(config), classes_(config.child("classes")) {}

bool Augment::active() const { return images_.active() || classes_.active(); }

void Augment::operator()(std::span<const Real> image, std::span<Real> out, std::size_t channels,
                         std::size_t height, std::size_t width, Rng image_rng,
                         Rng class_rng) const {
  const Affine map = compose(classes_.draw(class_rng), images_.draw(image_rng));
  const double cy = (static_cast<double>(height) - 1) / 2,
               cx = (static_cast<double>(width) - 1) / 2;
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      const double v = static_cast<double>(y) - cy, u = static_cast<double>(x) - cx;
      const double source_y = map.yx * u + map.yy * v + map.dy + cy;
      const double source_x = map.xx * u + map.xy * v + map.dx + cx;
      for (std::size_t channel = 0; channel < channels; ++channel)
        out[(channel * height + y) * width + x] =
            sample(image.data() + channel * height * width, height, width, source_y, source_x);
    }
}

}  // namespace attune
