#include <array>

#include "array/norm_parts.hpp"

namespace attune::kernel {
namespace {

constexpr std::size_t kLanes = kChannelBlock;

// A convolution cut into the blocks of images that its weight gradient is summed over, and those
// into blocks of channels: the processor's cache holds what one piece reads and writes.
class Pieces {
 public:
  struct Piece {
    std::size_t block, group;  // of images, of 16 channels
    Array x, w, y;
  };

  Pieces(const Array& x, const Array& w, Conv2d how)
      : conv_(x.shape(), w.shape(), how, true), x_(x), w_(w), blocks_(weight_grad_blocks(conv_)) {}

  Shape shape() const { return conv_.y.shape(); }
  std::size_t blocks() const { return blocks_; }

  // body(piece) for all pieces, y computed.
  template <typename Body>
  void for_each(const Body& body) const {
    const std::size_t groups = conv_.y.channels / kLanes;
    parallel_for(blocks_ * groups, [&](std::size_t i) {
      Piece piece{i / groups, i % groups, {}, {}, {}};
      const ImageRange images = range(piece);
      piece.x = slice(x_, 0, images.begin, images.end);
      piece.w = slice(w_, 0, piece.group * kLanes, (piece.group + 1) * kLanes);
      piece.y = conv2d(piece.x, piece.w, conv_.how, true);
      body(piece);
    });
  }

  // visit(p, y) for the planes of a piece: their numbers among all, their values.
  template <typename Visit>
  void for_planes(Piece& piece, const Visit& visit) const {
    const std::size_t groups = conv_.y.channels / kLanes;
    const ImageRange images = range(piece);
    Real* y = piece.y.mutable_data();
    for (std::size_t image = images.begin; image < images.end; ++image) {
      visit(image * groups + piece.group, y);
      y += conv_.y.height * conv_.y.width * kLanes;
    }
  }

 private:
  ImageRange range(const Piece& piece) const { return {conv_.x.images, blocks_, piece.block}; }

  ConvShape conv_;
  const Array& x_;
  const Array& w_;
  std::size_t blocks_;
};

}  // namespace

bool remakes_convolution(const Shape& x_shape, const Shape& w_shape) {
  constexpr std::size_t kTaps = 32;
  return x_shape.rank() == 4 && x_shape.size() > 0 && w_shape.rank() == 4 &&
         w_shape[0] % kLanes == 0 && w_shape[1] * w_shape[2] * w_shape[3] <= kTaps;
}

NormStats conv_channel_stats(const Array& x, const Array& w, Conv2d how) {
  const Pieces pieces(x, w, how);
  const Images images(pieces.shape(), 1, "conv_channel_stats");
  PlaneSums moments(images.image);
  pieces.for_each([&](Pieces::Piece& piece) {
    pieces.for_planes(piece, [&](std::size_t p, const Real* y) {
      plane_kernels()[0].moments(y, images.image.height * images.image.width, moments.first(p),
                                 moments.second(p));
    });
  });
  return finish_moments(images, moments);
}

Array conv_norm_relu_pool(const Array& x, const Array& w, Conv2d how, const NormStats& stats,
                          const Array& gamma, const Array& beta, Real eps, std::size_t pool,
                          Array* winners) {
  const Pieces pieces(x, w, how);
  const Images images(pieces.shape(), pool, "conv_norm_relu_pool");
  const Normalisation by(images, stats, gamma, beta, eps);
  Array pooled(images.pooled_shape());
  if (winners != nullptr) *winners = Array(images.pooled_shape());
  Real* const to = pooled.mutable_data();
  Real* const won = winners != nullptr ? winners->mutable_data() : nullptr;
  pieces.for_each([&](Pieces::Piece& piece) {
    pieces.for_planes(piece, [&](std::size_t p, const Real* y) {
      const std::size_t at = p * images.plane.pooled_size();
      plane_kernels()[0].forward(images.plane, y, by.from(images.first_channel(p)), to + at,
                                 won != nullptr ? won + at : nullptr);
    });
  });
  return pooled;
}

ConvNormGrads conv_norm_relu_pool_grad(const Array& g, const Array& x, const Array& w, Conv2d how,
                                       const Array& winners, const NormStats& stats,
                                       const Array& gamma, const Array& beta, Real eps,
                                       std::size_t pool, bool batch_stats) {
  const Pieces pieces(x, w, how);
  const Images images(pieces.shape(), pool, "conv_norm_relu_pool_grad");
  const Normalisation by(images, stats, gamma, beta, eps);
  images.check_pooled("a gradient", g);
  images.check_pooled("winners", winners);
  ConvNormGrads grads{Array(w.shape()), Array(gamma.shape()), Array(beta.shape())};
  const Corrections back =
      finish_gradients(images, g, winners, stats, by, eps, batch_stats, grads.gamma, grads.beta);
  Array partial({pieces.blocks(), w.size()});
  Real* const to = partial.mutable_data();
  pieces.for_each([&](Pieces::Piece& piece) {
    pieces.for_planes(piece, [&](std::size_t p, Real* y) {
      const std::size_t channel = images.first_channel(p), at = p * images.plane.pooled_size();
      plane_kernels()[0].backward(images.plane, g.data() + at, winners.data() + at, y,
                                  by.from(channel), back.from(channel), y);
    });
    const Array own = conv2d_weight_grad(piece.x, piece.y, piece.w.shape(), how);
    std::copy_n(own.data(), own.size(), to + piece.block * w.size() + piece.group * own.size());
  });
  const std::array<std::size_t, 1> over_blocks{0};
  grads.w = sum(partial, over_blocks, false).reshaped(w.shape());
  return grads;
}

}  // namespace attune::kernel
