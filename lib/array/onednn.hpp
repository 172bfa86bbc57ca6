#pragma once
#include <cstddef>
#include <memory>

#include "array/conv_shape.hpp"
#include "array/storage.hpp"

// oneDNN convolutions of one block of images, in float, on the calling thread alone.
namespace attune::kernel::onednn {

enum class Direction { forward, input_grad, weight_grad };

// A prepared convolution. Weights are taken and given in oneDNN's own packed order.
class Convolution {
 public:
  // The one for these shapes, made at the first call and kept; thread-safe. Images and gradients
  // have the layouts (plain or blocked) that `shape` says, at any channel count.
  static const Convolution& of(const ConvShape& shape, Direction direction);

  std::size_t packed_size() const;                         // floats
  void pack(const float* weights, float* packed) const;    // from (O,C,ky,kx)
  void unpack(const float* packed, float* weights) const;  // to (O,C,ky,kx)
  void forward(const float* x, const float* packed, float* y) const;
  void input_grad(const float* g, const float* packed, float* dx) const;
  void weight_grad(const float* x, const float* g, float* packed) const;

  Convolution(const ConvShape& shape, Direction direction);
  ~Convolution();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attune::kernel::onednn
