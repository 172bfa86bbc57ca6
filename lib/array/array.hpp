#pragma once
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "array/real.hpp"
#include "array/shape.hpp"
#include "array/storage.hpp"
#include "base/error.hpp"

namespace attune {

// A dense row-major array with value semantics: copies share memory, mutable_data() copies first
// when the memory is shared. Memory comes from a pool of freed blocks (storage.hpp), 64-byte
// aligned, so that a training step after the first few allocates nothing.
//
// Images may be *blocked*: (S, C/16, Y, X, 16) instead of (S, C, Y, X), the layout in which
// convolutions are fast. It is an explicit rank-5 shape, nothing hidden; kernels that take images
// say which of the two they accept.
class Array {
 public:
  Array();  // scalar 0
  Array(const Array&) = default;
  Array(Array&& other) noexcept;  // leaves a scalar 0 behind
  Array& operator=(const Array&) = default;
  Array& operator=(Array&& other) noexcept;
  ~Array() = default;
  explicit Array(const Shape& shape);  // not initialised
  static Array full(const Shape& shape, Real value);
  static Array zeros(const Shape& shape) { return full(shape, 0); }
  static Array scalar(Real value) { return full({}, value); }
  static Array of(const Shape& shape, std::span<const Real> values);  // Error when sizes differ
  static Array of(const Shape& shape, std::initializer_list<Real> values);

  const Shape& shape() const { return shape_; }
  std::size_t rank() const { return shape_.rank(); }
  std::size_t size() const { return size_; }
  std::size_t dim(std::size_t i) const { return shape_[i]; }
  const Real* data() const;
  Real* mutable_data();
  std::span<const Real> values() const { return {data(), size()}; }
  Real item() const;                         // the only value; Error when size() != 1
  Array reshaped(const Shape& shape) const;  // same memory; Error when sizes differ
  bool shares_memory() const;                // another Array holds the same memory

 private:
  Shape shape_;
  std::size_t size_ = 1;
  storage::Buffer data_;
};

using Indices = std::vector<std::uint32_t>;

}  // namespace attune
