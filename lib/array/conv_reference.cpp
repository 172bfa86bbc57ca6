#include <algorithm>

#include "array/conv_shape.hpp"
#include "array/parallel.hpp"

// Unfold + BLAS: every output position becomes a row of the C·ky·kx values that it sees, so that a
// convolution is one matrix product and its two gradients are the other two.
namespace attune::kernel::reference {
namespace {

// Images unfolded at once: bounds the memory of the patches, and the weight gradient is one partial
// sum for each.
constexpr std::size_t kBlockImages = 8;

Array plain(const Array& images) { return images.rank() == 5 ? from_blocked(images) : images; }
Array in_layout(const ImageShape& as, const Array& images) {
  return as.blocked ? to_blocked(images) : images;
}

// The source row that each kernel row sees, or none where it lies in the padding.
struct Reach {
  std::size_t stride, pad, extent;
  bool inside(std::size_t out, std::size_t tap) const {
    const std::size_t at = out * stride + tap;
    return at >= pad && at - pad < extent;
  }
  std::size_t at(std::size_t out, std::size_t tap) const { return out * stride + tap - pad; }
};

// Calls visit(patch value, image value or none) for all patch values of one image, in order.
template <typename Visit>
void visit_patches(const ConvShape& conv, const Visit& visit) {
  const Reach rows{conv.how.stride, conv.how.pad, conv.x.height};
  const Reach columns{conv.how.stride, conv.how.pad, conv.x.width};
  std::size_t patch = 0;
  for (std::size_t oy = 0; oy < conv.y.height; ++oy)
    for (std::size_t ox = 0; ox < conv.y.width; ++ox)
      for (std::size_t c = 0; c < conv.x.channels; ++c)
        for (std::size_t ky = 0; ky < conv.kernel_height; ++ky)
          for (std::size_t kx = 0; kx < conv.kernel_width; ++kx, ++patch) {
            const bool inside = rows.inside(oy, ky) && columns.inside(ox, kx);
            visit(patch, inside,
                  inside ? (c * conv.x.height + rows.at(oy, ky)) * conv.x.width + columns.at(ox, kx)
                         : 0);
          }
}

std::size_t patch_length(const ConvShape& conv) {
  return conv.x.channels * conv.kernel_height * conv.kernel_width;
}

// x (S,C,Y,X) → (S·Y'·X', C·ky·kx).
Array unfold(const Array& x, const ConvShape& conv) {
  const std::size_t places = conv.y.height * conv.y.width;
  Array out({x.dim(0) * places, patch_length(conv)});
  const Real* const from = x.data();
  Real* const to = out.mutable_data();
  parallel_for(x.dim(0), [&](std::size_t s) {
    const Real* const image = from + s * conv.x.image_size();
    Real* const patches = to + s * places * patch_length(conv);
    visit_patches(conv, [&](std::size_t patch, bool inside, std::size_t pixel) {
      patches[patch] = inside ? image[pixel] : Real(0);
    });
  });
  return out;
}

// The adjoint of unfold.
Array fold(const Array& patches, const ConvShape& conv, std::size_t images) {
  Array out = Array::zeros({images, conv.x.channels, conv.x.height, conv.x.width});
  const Real* const from = patches.data();
  Real* const to = out.mutable_data();
  parallel_for(images, [&](std::size_t s) {
    Real* const image = to + s * conv.x.image_size();
    const Real* const own = from + s * conv.y.height * conv.y.width * patch_length(conv);
    visit_patches(conv, [&](std::size_t patch, bool inside, std::size_t pixel) {
      if (inside) image[pixel] += own[patch];
    });
  });
  return out;
}

// (S,O,Y',X') → (S·Y'·X', O), and back.
Array channels_last(const Array& y) {
  const std::array<std::size_t, 4> order{0, 2, 3, 1};
  return permute(y, order).reshaped({y.dim(0) * y.dim(2) * y.dim(3), y.dim(1)});
}
Array channels_second(const Array& rows, const ConvShape& conv, std::size_t images) {
  const std::array<std::size_t, 4> order{0, 3, 1, 2};
  return permute(rows.reshaped({images, conv.y.height, conv.y.width, conv.y.channels}), order);
}

// body(begin, end) for each block of images.
template <typename Body>
void for_blocks(std::size_t images, const Body& body) {
  for (std::size_t begin = 0; begin < images; begin += kBlockImages) {
    body(begin, std::min(images, begin + kBlockImages));
  }
}

Array weight_rows(const Array& w, const ConvShape& conv) {
  return w.reshaped({conv.y.channels, patch_length(conv)});
}

// The blocks of images that `make(begin, end)` gives, one after the other.
template <typename Make>
Array images_of(const ImageShape& as, const Make& make) {
  if (as.images == 0) return Array(as.shape());
  std::vector<Array> parts;
  for_blocks(as.images,
             [&](std::size_t begin, std::size_t end) { parts.push_back(make(begin, end)); });
  return in_layout(as, concat(parts, 0));
}

}  // namespace

Array conv2d(const Array& x, const Array& w, Conv2d how, bool blocked) {
  const ConvShape conv(x.shape(), w.shape(), how, blocked);
  const Array images = plain(x), rows = weight_rows(w, conv);
  return images_of(conv.y, [&](std::size_t begin, std::size_t end) {
    const Array patches = unfold(slice(images, 0, begin, end), conv);
    return channels_second(matmul(patches, rows, false, true), conv, end - begin);
  });
}

Array conv2d_input_grad(const Array& g, const Array& w, const Shape& x_shape, Conv2d how) {
  const ConvShape conv(x_shape, w.shape(), how, g.shape());
  const Array images = plain(g), rows = weight_rows(w, conv);
  return images_of(conv.x, [&](std::size_t begin, std::size_t end) {
    return fold(matmul(channels_last(slice(images, 0, begin, end)), rows), conv, end - begin);
  });
}

Array conv2d_weight_grad(const Array& x, const Array& g, const Shape& w_shape, Conv2d how) {
  const ConvShape conv(x.shape(), w_shape, how, g.shape());
  const Array images = plain(x), grads = plain(g);
  Array sum = Array::zeros({conv.y.channels, patch_length(conv)});
  for_blocks(conv.x.images, [&](std::size_t begin, std::size_t end) {
    add_into(sum, matmul(channels_last(slice(grads, 0, begin, end)),
                         unfold(slice(images, 0, begin, end), conv), true, false));
  });
  return sum.reshaped(w_shape);
}

}  // namespace attune::kernel::reference
