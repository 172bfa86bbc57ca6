#include "array/conv_shape.hpp"
#include "array/multiply_adds.hpp"
#include "array/onednn.hpp"
#include "array/parallel.hpp"
#include "array/product.hpp"

namespace attune::kernel {
namespace {

// A batch is cut into blocks of nearly equal numbers of images, an even number of blocks where one
// is not enough; functions of the shapes alone. A weight gradient's blocks are larger, since each
// is a partial sum of its own.
std::size_t block_count(const ConvShape& conv, onednn::Direction direction) {
  if (direction == onednn::Direction::forward && rows_alone()) return conv.x.images;
  std::size_t most = 8;
  if (direction == onednn::Direction::weight_grad) {
    constexpr std::size_t kPositions = 500;
    most = std::max(most, kPositions / (conv.y.height * conv.y.width));
  }
  const std::size_t blocks = (conv.x.images + most - 1) / most;
  return blocks <= 1 ? blocks : blocks + blocks % 2;
}

}  // namespace

std::size_t weight_grad_blocks(const ConvShape& conv) {
  return block_count(conv, onednn::Direction::weight_grad);
}

#ifdef ATTUNE_REAL_DOUBLE

// oneDNN computes in float only.
Array conv2d(const Array& x, const Array& w, Conv2d how, bool blocked) {
  return reference::conv2d(x, w, how, blocked);
}

Array conv2d_input_grad(const Array& g, const Array& w, const Shape& x_shape, Conv2d how) {
  return reference::conv2d_input_grad(g, w, x_shape, how);
}

Array conv2d_weight_grad(const Array& x, const Array& g, const Shape& w_shape, Conv2d how) {
  return reference::conv2d_weight_grad(x, g, w_shape, how);
}

#else

namespace {

using onednn::Convolution;
using onednn::Direction;

void count(const ConvShape& conv) {
  count_multiply_adds(conv.y.images * conv.y.image_size() * conv.x.channels * conv.kernel_height *
                      conv.kernel_width);
}

// The prepared convolutions of the blocks, of which there are two sizes at most.
class Blocks {
 public:
  Blocks(const ConvShape& conv, Direction direction)
      : images_(conv.x.images), count_(block_count(conv, direction)) {
    if (count_ == 0) return;
    ConvShape part = conv;
    part.x.images = part.y.images = images_ / count_;
    small_ = &Convolution::of(part, direction);
    if (images_ % count_ == 0) return;
    part.x.images = part.y.images = images_ / count_ + 1;
    large_ = &Convolution::of(part, direction);
  }
  std::size_t count() const { return count_; }
  ImageRange range(std::size_t block) const { return {images_, count_, block}; }
  bool is_large(std::size_t block) const { return range(block).size() > images_ / count_; }
  const Convolution& operator[](std::size_t block) const {
    return is_large(block) ? *large_ : *small_;
  }
  // Floats between the weights of one block and those of the next, whole cache lines.
  std::size_t packed_size() const {
    const std::size_t size =
        std::max(small_ ? small_->packed_size() : 0, large_ ? large_->packed_size() : 0);
    return (size + 15) / 16 * 16;
  }
  // (2, packed_size): the weights for blocks of the small and of the large size.
  Array pack(const Array& w) const {
    Array packed({2, packed_size()});
    const Real* const from = w.data();
    Real* const to = packed.mutable_data();
    parallel_for(large_   ? 2
                 : small_ ? 1
                          : 0,
                 [&](std::size_t size) {
                   (size == 0 ? small_ : large_)->pack(from, to + size * packed_size());
                 });
    return packed;
  }
  const Real* weights(const Array& packed, std::size_t block) const {
    return packed.data() + is_large(block) * packed_size();
  }

 private:
  std::size_t images_, count_;
  const Convolution* small_ = nullptr;
  const Convolution* large_ = nullptr;
};

}  // namespace

Array conv2d(const Array& x, const Array& w, Conv2d how, bool blocked) {
  const ConvShape conv(x.shape(), w.shape(), how, blocked);
  count(conv);
  const Blocks blocks(conv, Direction::forward);
  const Array packed = blocks.pack(w);
  Array y(conv.y.shape());
  const Real* const from = x.data();
  Real* const to = y.mutable_data();
  parallel_for(blocks.count(), [&](std::size_t block) {
    const std::size_t first = blocks.range(block).begin;
    blocks[block].forward(from + first * conv.x.image_size(), blocks.weights(packed, block),
                          to + first * conv.y.image_size());
  });
  return y;
}

Array conv2d_input_grad(const Array& g, const Array& w, const Shape& x_shape, Conv2d how) {
  const ConvShape conv(x_shape, w.shape(), how, g.shape());
  count(conv);
  const Blocks blocks(conv, Direction::input_grad);
  const Array packed = blocks.pack(w);
  Array dx(x_shape);
  const Real* const from = g.data();
  Real* const to = dx.mutable_data();
  parallel_for(blocks.count(), [&](std::size_t block) {
    const std::size_t first = blocks.range(block).begin;
    blocks[block].input_grad(from + first * conv.y.image_size(), blocks.weights(packed, block),
                             to + first * conv.x.image_size());
  });
  return dx;
}

Array conv2d_weight_grad(const Array& x, const Array& g, const Shape& w_shape, Conv2d how) {
  const ConvShape conv(x.shape(), w_shape, how, g.shape());
  count(conv);
  const Blocks blocks(conv, Direction::weight_grad);
  Array packed({blocks.count(), blocks.packed_size()});
  // Unpacked before they are added: blocks of different sizes may pack differently.
  Array partial({blocks.count(), w_shape.size()});
  Real* const space = packed.mutable_data();
  Real* const to = partial.mutable_data();
  parallel_for(blocks.count(), [&](std::size_t block) {
    const std::size_t first = blocks.range(block).begin;
    Real* const own = space + block * blocks.packed_size();
    blocks[block].weight_grad(x.data() + first * conv.x.image_size(),
                              g.data() + first * conv.y.image_size(), own);
    blocks[block].unpack(own, to + block * w_shape.size());
  });
  const std::array<std::size_t, 1> over_blocks{0};
  return sum(partial, over_blocks, false).reshaped(w_shape);
}

#endif

}  // namespace attune::kernel
