#pragma once
#include <cstddef>

#include "array/real.hpp"

// Vector code for the 16 neighbouring channels of a blocked image, compiled for several processors
// and chosen when the program runs. Lanes never mix, so the bits do not depend on the width.
namespace attune::kernel::lanes {

// W numbers in one vector register.
template <std::size_t W, typename Number = Real>
struct VectorOf {
  using Type [[gnu::vector_size(W * sizeof(Number)), gnu::may_alias]] = Number;
};
template <std::size_t W>
using Vector = typename VectorOf<W>::Type;

template <std::size_t W>
[[gnu::always_inline]] inline const Vector<W>& load(const Real* from) {
  return *reinterpret_cast<const Vector<W>*>(from);
}
template <std::size_t W>
[[gnu::always_inline]] inline Vector<W>& store(Real* to) {
  return *reinterpret_cast<Vector<W>*>(to);
}

template <typename Body>
[[gnu::target("avx512f")]] void run_avx512(const Body& body) {
  body.template operator()<64 / sizeof(Real)>();
}
template <typename Body>
[[gnu::target("avx2")]] void run_avx2(const Body& body) {
  body.template operator()<32 / sizeof(Real)>();
}

// Runs body.operator()<W>() with the widest vectors of this processor; W divides 16. The body and
// all that it calls must be always_inline, or it is compiled for the plainest processor only.
template <typename Body>
void run(const Body& body) {
  static const bool avx512 = __builtin_cpu_supports("avx512f");
  static const bool avx2 = __builtin_cpu_supports("avx2");
  if (avx512) return run_avx512(body);
  if (avx2) return run_avx2(body);
  body.template operator()<16 / sizeof(Real)>();
}

}  // namespace attune::kernel::lanes
