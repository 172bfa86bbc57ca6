#include "array/conv_shape.hpp"

namespace attune::kernel {

std::size_t ConvShape::positions(std::size_t extent, std::size_t kernel) const {
  const std::size_t padded = extent + 2 * how.pad;
  if (how.stride == 0 || kernel == 0 || kernel > padded) {
    throw Error("conv2d: want stride of at least 1 and kernel from 1 to " + std::to_string(padded) +
                ", have stride " + std::to_string(how.stride) + " and kernel " +
                std::to_string(kernel));
  }
  return (padded - kernel) / how.stride + 1;
}

ConvShape::ConvShape(const Shape& x_shape, const Shape& w_shape, Conv2d conv, bool blocked)
    : x(x_shape, "conv2d"),
      y(x.images, 0, 0, 0, blocked),
      kernel_height(w_shape.rank() == 4 ? w_shape[2] : 0),
      kernel_width(w_shape.rank() == 4 ? w_shape[3] : 0),
      how(conv) {
  if (w_shape.rank() != 4 || w_shape[1] != x.channels || w_shape[0] == 0 || x.channels == 0) {
    throw Error("conv2d: want weights (O," + std::to_string(x.channels) + ",ky,kx) for images " +
                x_shape.text() + ", have " + w_shape.text());
  }
  y.channels = w_shape[0];
  y.blocked = blocked && y.channels % kChannelBlock == 0;
  y.height = positions(x.height, kernel_height);
  y.width = positions(x.width, kernel_width);
}

ConvShape::ConvShape(const Shape& x_shape, const Shape& w_shape, Conv2d conv, const Shape& y_shape)
    : ConvShape(x_shape, w_shape, conv, y_shape.rank() == 5) {
  if (y.shape() != y_shape) {
    throw Error("conv2d: want a gradient of shape " + y.shape().text() + ", have " +
                y_shape.text());
  }
}

}  // namespace attune::kernel
