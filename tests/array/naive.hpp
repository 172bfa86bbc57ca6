#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>

#include "array/kernels.hpp"
#include "array/parallel.hpp"
#include "base/rng.hpp"
#include "random_array.hpp"

// Slow and plain counterparts for the kernels' tests.
namespace attune::naive {

constexpr double kTolerance = sizeof(Real) == sizeof(float) ? 2e-6 : 1e-13;

using Index = std::array<std::size_t, Shape::kMaxRank>;

// body(index) for every index of `shape`, the last axis fastest.
template <typename Body>
void for_each_index(const Shape& shape, const Body& body) {
  for (std::size_t position = 0; position < shape.size(); ++position) {
    Index index{};
    std::size_t rest = position;
    for (std::size_t axis = shape.rank(); axis-- > 0; rest /= shape[axis]) {
      index[axis] = rest % shape[axis];
    }
    body(index);
  }
}

inline std::size_t position(const Shape& shape, const Index& index) {
  std::size_t result = 0;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    result = result * shape[axis] + index[axis];
  }
  return result;
}

inline Real at(const Array& x, const Index& index) { return x.data()[position(x.shape(), index)]; }

// The value that x, stretched to `rank` dimensions, has at `index`.
inline Real stretched(const Array& x, std::size_t rank, const Index& index) {
  Index own{};
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    own[axis] = x.dim(axis) == 1 ? 0 : index[rank - x.rank() + axis];
  }
  return at(x, own);
}

// Up to `rank` dimensions of 0 … extent values; 1 is frequent, 0 is rare.
inline Shape random_shape(Rng& rng, std::size_t least_rank, std::size_t rank, std::size_t extent) {
  Shape shape;
  for (std::size_t i = least_rank + rng.below(rank - least_rank + 1); i > 0; --i) {
    const std::uint64_t kind = rng.below(16);
    shape.push_back(kind == 0 ? 0 : kind < 4 ? 1 : 1 + rng.below(extent));
  }
  return shape;
}

// A shape that stretches to `shape`.
inline Shape random_partner(const Shape& shape, Rng& rng) {
  Shape partner;
  const std::size_t lead = rng.below(shape.rank() + 1) * rng.below(2);
  for (std::size_t axis = lead; axis < shape.rank(); ++axis) {
    partner.push_back(rng.bernoulli(0.4) ? 1 : shape[axis]);
  }
  return partner;
}

// Equal shapes, and values apart by at most `tolerance` · (1 + |wanted|); NaN matches NaN.
inline bool close(const Array& have, const Array& want, double tolerance = kTolerance) {
  if (have.shape() != want.shape()) return false;
  for (std::size_t i = 0; i < have.size(); ++i) {
    const double a = have.data()[i], b = want.data()[i];
    if (std::isnan(a) && std::isnan(b)) continue;
    if (!(a == b || std::abs(a - b) <= tolerance * (1 + std::abs(b)))) return false;
  }
  return true;
}

inline bool same_bits(const Array& a, const Array& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0;
}

template <typename Make>
auto with_threads(int count, const Make& make) {
  set_threads(count);
  auto result = make();
  set_threads(1);
  return result;
}

// make() gives the same bits on one, two and three threads.
template <typename Make>
bool same_on_threads(const Make& make) {
  const Array one = with_threads(1, make);
  return same_bits(one, with_threads(2, make)) && same_bits(one, with_threads(3, make));
}

// The message of the Error that body() throws; empty when it throws none.
template <typename Body>
std::string error_of(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace attune::naive
