#include "array/array.hpp"

#include <algorithm>
#include <utility>

namespace attune {
namespace {

constexpr Real kZero = 0;  // the value of Array(), which owns no memory

std::size_t bytes_for(const Shape& shape, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(size, sizeof(Real), &bytes)) {
    throw Error("array: shape " + shape.text() + " is too large for memory");
  }
  return bytes;
}

}  // namespace

Array::Array() = default;

Array::Array(const Shape& shape)
    : shape_(shape), size_(shape.size()), data_(bytes_for(shape, size_)) {}

Array::Array(Array&& other) noexcept
    : shape_(std::exchange(other.shape_, Shape())),
      size_(std::exchange(other.size_, 1)),
      data_(std::move(other.data_)) {}

Array& Array::operator=(Array&& other) noexcept {
  if (this != &other) {
    shape_ = std::exchange(other.shape_, Shape());
    size_ = std::exchange(other.size_, 1);
    data_ = std::move(other.data_);
  }
  return *this;
}

Array Array::full(const Shape& shape, Real value) {
  Array result(shape);
  std::fill_n(result.mutable_data(), result.size(), value);
  return result;
}

Array Array::of(const Shape& shape, std::span<const Real> values) {
  Array result(shape);
  if (values.size() != result.size()) {
    throw Error("array: want " + std::to_string(result.size()) + " values for shape " +
                shape.text() + ", have " + std::to_string(values.size()));
  }
  std::copy(values.begin(), values.end(), result.mutable_data());
  return result;
}

Array Array::of(const Shape& shape, std::initializer_list<Real> values) {
  return of(shape, std::span<const Real>(values.begin(), values.size()));
}

const Real* Array::data() const {
  const void* const memory = data_.data();
  return memory ? static_cast<const Real*>(memory) : &kZero;
}

Real* Array::mutable_data() {
  if (!data_.data() || data_.shared()) {
    storage::Buffer own(bytes_for(shape_, size_));
    std::copy_n(data(), size_, static_cast<Real*>(own.data()));
    data_ = std::move(own);
  }
  return static_cast<Real*>(data_.data());
}

Real Array::item() const {
  if (size_ != 1) throw Error("array: want one value, have shape " + shape_.text());
  return *data();
}

Array Array::reshaped(const Shape& shape) const {
  if (shape.size() != size_) {
    throw Error("array: reshape wants as many values as " + shape_.text() + ", have " +
                shape.text());
  }
  Array result = *this;
  result.shape_ = shape;
  return result;
}

bool Array::shares_memory() const { return data_.shared(); }

}  // namespace attune
