#include "array/adam.hpp"

#include <algorithm>
#include <cmath>

#include "array/parallel.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

void move(const AdamStep& step, const Real* g, Real* __restrict w, Real* __restrict m,
          Real* __restrict v, std::size_t count) {
  const AdamStep s = step;
  for (std::size_t i = 0; i < count; ++i) {
    m[i] = s.beta1 * m[i] + s.rest1 * g[i];
    v[i] = s.beta2 * v[i] + s.rest2 * g[i] * g[i];
    w[i] = s.keep * w[i] - s.rate * m[i] / (std::sqrt(v[i]) * s.root_scale + s.epsilon);
  }
}

}  // namespace

void adam(const AdamStep& step, const Array& gradient, Array& weight, Real* mean, Real* square) {
  constexpr std::size_t kBlock = 1 << 14;
  const std::size_t size = weight.size();
  const Real* const g = gradient.data();
  Real* const w = weight.mutable_data();
  parallel_for((size + kBlock - 1) / kBlock, [&](std::size_t block) {
    const std::size_t begin = block * kBlock;
    widest<move>(step, g + begin, w + begin, mean + begin, square + begin,
                 std::min(kBlock, size - begin));
  });
}

}  // namespace attune::kernel
