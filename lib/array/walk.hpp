#pragma once
#include <algorithm>
#include <array>
#include <cstddef>

#include "array/parallel.hpp"
#include "array/shape.hpp"

namespace attune::kernel {

using Strides = std::array<std::size_t, Shape::kMaxRank>;

// Strides, counted in values, of a row-major array of `shape`.
inline Strides row_major(const Shape& shape) {
  Strides strides{};
  std::size_t step = 1;
  for (std::size_t i = shape.rank(); i-- > 0; step *= shape[i]) strides[i] = step;
  return strides;
}

// Strides that read an array of `shape` as if it had the shape `out` that it broadcasts to.
inline Strides broadcast_strides(const Shape& shape, const Shape& out) {
  const Strides own = row_major(shape);
  Strides strides{};
  const std::size_t lead = out.rank() - shape.rank();
  for (std::size_t i = 0; i < shape.rank(); ++i) strides[lead + i] = shape[i] == 1 ? 0 : own[i];
  return strides;
}

// The values of a row-major output in runs: stretches along which each of N inputs moves by one
// stride. Axes along which all inputs move on evenly are one axis: equal shapes are a single run.
template <std::size_t N>
class Walk {
 public:
  using Offsets = std::array<std::size_t, N>;

  Walk(const Shape& out, const std::array<Strides, N>& strides) : size_(out.size()) {
    for (std::size_t axis = out.rank(); axis-- > 0;) {
      if (out[axis] != 1) push(out[axis], strides, axis);
    }
  }

  // Of each input within a run.
  const Offsets& strides() const { return steps_[0]; }

  // run(begin, count, offsets): output positions begin … begin+count-1 and where the inputs of
  // the first of them are. Runs are cut at blocks of fixed size, which threads share.
  template <typename Run>
  void for_each(const Run& run) const {
    parallel_for((size_ + kBlock - 1) / kBlock, [&](std::size_t block) {
      range(block * kBlock, std::min(size_, (block + 1) * kBlock), run);
    });
  }

 private:
  static constexpr std::size_t kBlock = 1 << 16;

  void push(std::size_t extent, const std::array<Strides, N>& strides, std::size_t axis) {
    bool even = rank_ > 0;
    for (std::size_t k = 0; even && k < N; ++k) {
      even = strides[k][axis] == steps_[rank_ - 1][k] * extents_[rank_ - 1];
    }
    if (even) {
      extents_[rank_ - 1] *= extent;
      return;
    }
    extents_[rank_] = extent;
    for (std::size_t k = 0; k < N; ++k) steps_[rank_][k] = strides[k][axis];
    ++rank_;
  }

  template <typename Run>
  void range(std::size_t begin, std::size_t end, const Run& run) const {
    std::array<std::size_t, Shape::kMaxRank> index{};
    Offsets offsets{};
    std::size_t rest = begin;
    for (std::size_t axis = 0; axis < rank_; ++axis) {
      index[axis] = rest % extents_[axis];
      rest /= extents_[axis];
      for (std::size_t k = 0; k < N; ++k) offsets[k] += index[axis] * steps_[axis][k];
    }
    while (begin < end) {
      const std::size_t count = std::min(extents_[0] - index[0], end - begin);
      run(begin, count, offsets);
      begin += count;
      if (begin < end) next_run(index, offsets);
    }
  }

  void next_run(std::array<std::size_t, Shape::kMaxRank>& index, Offsets& offsets) const {
    for (std::size_t k = 0; k < N; ++k) offsets[k] -= index[0] * steps_[0][k];
    index[0] = 0;
    for (std::size_t axis = 1; axis < rank_; ++axis) {
      for (std::size_t k = 0; k < N; ++k) offsets[k] += steps_[axis][k];
      if (++index[axis] < extents_[axis]) return;
      index[axis] = 0;
      for (std::size_t k = 0; k < N; ++k) offsets[k] -= extents_[axis] * steps_[axis][k];
    }
  }

  // Innermost axis first.
  std::size_t size_;
  std::size_t rank_ = 0;
  std::array<std::size_t, Shape::kMaxRank> extents_{1};
  std::array<Offsets, Shape::kMaxRank> steps_{};
};

}  // namespace attune::kernel
