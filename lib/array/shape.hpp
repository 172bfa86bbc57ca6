#pragma once
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>

namespace attune {

// Extents of an array, outermost first; at most 8 dimensions, no heap. () is a scalar of size 1.
class Shape {
 public:
  static constexpr std::size_t kMaxRank = 8;
  Shape() = default;
  Shape(std::initializer_list<std::size_t> dims);
  explicit Shape(std::span<const std::size_t> dims);
  std::size_t rank() const { return rank_; }
  std::size_t size() const;  // product of all
  std::size_t operator[](std::size_t i) const { return dims_[i]; }
  std::size_t& operator[](std::size_t i) { return dims_[i]; }
  std::size_t back(std::size_t i = 0) const { return dims_[rank_ - 1 - i]; }  // i from the end
  void push_back(std::size_t dim);
  const std::size_t* begin() const { return dims_.data(); }
  const std::size_t* end() const { return dims_.data() + rank_; }
  friend bool operator==(const Shape& a, const Shape& b);
  std::string text() const;  // "(20,64)"

 private:
  std::array<std::size_t, kMaxRank> dims_{};
  std::size_t rank_ = 0;
};

// numpy's rule: aligned at the end, 1 stretches. Error names both shapes.
Shape broadcast(const Shape& a, const Shape& b);

}  // namespace attune
