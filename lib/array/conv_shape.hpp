#pragma once
#include <algorithm>
#include <cstddef>

#include "array/kernels.hpp"

namespace attune::kernel {

// Channels of one block of a blocked image (S, C/16, Y, X, 16).
inline constexpr std::size_t kChannelBlock = 16;

// A batch of images, plain (S,C,Y,X) or blocked.
struct ImageShape {
  std::size_t images = 0, channels = 0, height = 0, width = 0;
  bool blocked = false;

  // Error, with the name of the kernel, when the shape is neither.
  ImageShape(const Shape& shape, const char* kernel)
      : blocked(shape.rank() == 5 && shape[4] == kChannelBlock) {
    if (shape.rank() != 4 && !blocked) {
      throw Error(std::string(kernel) + ": want (S,C,Y,X) or (S,C/16,Y,X,16), have " +
                  shape.text());
    }
    images = shape[0];
    channels = shape[1] * (blocked ? kChannelBlock : 1);
    height = shape[2];
    width = shape[3];
  }
  ImageShape(std::size_t count, std::size_t depth, std::size_t rows, std::size_t columns,
             bool in_blocks)
      : images(count), channels(depth), height(rows), width(columns), blocked(in_blocks) {}

  Shape shape() const {
    if (blocked) return {images, channels / kChannelBlock, height, width, kChannelBlock};
    return {images, channels, height, width};
  }
  // The image as `planes` × height × width positions of `lanes` neighbouring channels each.
  std::size_t lanes() const { return blocked ? kChannelBlock : 1; }
  std::size_t planes() const { return images * channels / lanes(); }
  std::size_t image_size() const { return channels * height * width; }
};

// The operands of one convolution: x (S,C,Y,X) * w (O,C,ky,kx) = y (S,O,Y',X').
struct ConvShape {
  ImageShape x, y;
  std::size_t kernel_height, kernel_width;
  Conv2d how;

  // Error when x and w do not fit or the kernel is larger than the padded image. y is blocked when
  // `blocked` and O is divisible by 16.
  ConvShape(const Shape& x_shape, const Shape& w_shape, Conv2d conv, bool blocked);
  // As above, with y's shape given: Error when it is not that of the convolution.
  ConvShape(const Shape& x_shape, const Shape& w_shape, Conv2d conv, const Shape& y_shape);

  Shape weights() const { return {y.channels, x.channels, kernel_height, kernel_width}; }

 private:
  std::size_t positions(std::size_t extent, std::size_t kernel) const;
};

// Images [begin, end) of one of `blocks` blocks of nearly equal size.
struct ImageRange {
  std::size_t begin, end;
  ImageRange(std::size_t images, std::size_t blocks, std::size_t block)
      : begin(images * block / blocks), end(images * (block + 1) / blocks) {}
  std::size_t size() const { return end - begin; }
};

// Blocks of images whose weight gradients are computed apart and added in order (conv.cpp).
std::size_t weight_grad_blocks(const ConvShape& conv);

}  // namespace attune::kernel
