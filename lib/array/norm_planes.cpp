#include "array/norm_planes.hpp"

#include <algorithm>
#include <vector>

#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

constexpr std::size_t kLanes = kChannelBlock;

// The loops are compiled whole for each target: the compiler splits vectors that a function's own
// target lacks into scalars before it inlines the function elsewhere.
#pragma GCC push_options
#pragma GCC target("avx512f")
namespace avx512 {
constexpr std::size_t kWidth = 64 / sizeof(Real);
#include "array/norm_planes.inc"
}  // namespace avx512
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
constexpr std::size_t kWidth = 32 / sizeof(Real);
#include "array/norm_planes.inc"
}  // namespace avx2
#pragma GCC pop_options

namespace plainest {
constexpr std::size_t kWidth = 16 / sizeof(Real);
#include "array/norm_planes.inc"
}  // namespace plainest

std::vector<PlaneKernels> supported() {
  std::vector<PlaneKernels> list;
  if (instructions() >= Instructions::avx512) {
    using namespace avx512;
    list.push_back({"avx512", moments, forward, gradient_sums, backward});
  }
  if (instructions() >= Instructions::avx2) {
    using namespace avx2;
    list.push_back({"avx2", moments, forward, gradient_sums, backward});
  }
  using namespace plainest;
  list.push_back({"plainest", moments, forward, gradient_sums, backward});
  return list;
}

}  // namespace

std::span<const PlaneKernels> plane_kernels() {
  static const std::vector<PlaneKernels> list = supported();
  return list;
}

}  // namespace attune::kernel
