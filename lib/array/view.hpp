#pragma once
#include <array>
#include <cstddef>
#include <xtensor/xadapt.hpp>

#include "array/real.hpp"

namespace attune::kernel {

// Array memory as xtensor expressions that own nothing. Keep them and what is built from them
// inside one statement or block; results are always assigned into memory of an Array.
inline auto line_view(const Real* data, std::size_t count) {
  return xt::adapt(data, count, xt::no_ownership(), std::array<std::size_t, 1>{count});
}
inline auto line_view(Real* data, std::size_t count) {
  return xt::adapt(data, count, xt::no_ownership(), std::array<std::size_t, 1>{count});
}

}  // namespace attune::kernel
