#include "array/shape.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace attune {

Shape::Shape(std::initializer_list<std::size_t> dims)
    : Shape(std::span<const std::size_t>(dims.begin(), dims.size())) {}

Shape::Shape(std::span<const std::size_t> dims) {
  for (const std::size_t dim : dims) push_back(dim);
}

std::size_t Shape::size() const {
  std::size_t product = 1;
  bool overflow = false;
  for (const std::size_t dim : *this) {
    if (dim == 0) return 0;
    overflow |= __builtin_mul_overflow(product, dim, &product);
  }
  if (overflow) throw Error("shape: " + text() + " has more values than can be counted");
  return product;
}

void Shape::push_back(std::size_t dim) {
  if (rank_ == kMaxRank) {
    throw Error("shape: want at most " + std::to_string(kMaxRank) + " dimensions, have " + text() +
                " and one more");
  }
  dims_[rank_++] = dim;
}

bool operator==(const Shape& a, const Shape& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::string Shape::text() const {
  std::string result = "(";
  for (std::size_t i = 0; i < rank_; ++i) {
    if (i > 0) result += ',';
    result += std::to_string(dims_[i]);
  }
  return result + ')';
}

Shape broadcast(const Shape& a, const Shape& b) {
  Shape result = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  const std::size_t lead = result.rank() - shorter.rank();
  for (std::size_t i = 0; i < shorter.rank(); ++i) {
    const std::size_t have = shorter[i];
    std::size_t& dim = result[lead + i];
    if (dim == 1) {
      dim = have;
    } else if (have != 1 && have != dim) {
      throw Error("broadcast: want equal extents or 1, have " + a.text() + " and " + b.text());
    }
  }
  return result;
}

}  // namespace attune
