#include <algorithm>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>

#include "array/kernels.hpp"
#include "array/parallel.hpp"
#include "array/view.hpp"

namespace attune::kernel {
namespace {

constexpr std::size_t kBlock = 1 << 14;  // values; source and target stay in the cache

// function: a view of a block of x → a lazy expression of the same size.
template <typename Function>
Array map(const Array& x, const Function& function) {
  Array out(x.shape());
  const Real* const from = x.data();
  Real* const to = out.mutable_data();
  parallel_for((x.size() + kBlock - 1) / kBlock, [&](std::size_t block) {
    const std::size_t begin = block * kBlock;
    const std::size_t count = std::min(kBlock, x.size() - begin);
    auto target = line_view(to + begin, count);
    xt::noalias(target) = function(line_view(from + begin, count));
  });
  return out;
}

}  // namespace

Array scale(const Array& x, Real factor) {
  return map(x, [=](const auto& v) { return v * factor; });
}

Array shift(const Array& x, Real offset) {
  return map(x, [=](const auto& v) { return v + offset; });
}

Array pow(const Array& x, Real exponent) {
  return map(x, [=](const auto& v) { return xt::pow(v, exponent); });
}

Array sigmoid(const Array& x) {
  return map(x, [](const auto& v) { return Real(1) / (Real(1) + xt::exp(-v)); });
}

// In this order the comparison is false for NaN, which so comes through.
Array relu(const Array& x) {
  return map(x, [](const auto& v) { return xt::maximum(Real(0), v); });
}

Array neg(const Array& x) {
  return map(x, [](const auto& v) { return -v; });
}

Array exp(const Array& x) {
  return map(x, [](const auto& v) { return xt::exp(v); });
}

Array log(const Array& x) {
  return map(x, [](const auto& v) { return xt::log(v); });
}

Array sqrt(const Array& x) {
  return map(x, [](const auto& v) { return xt::sqrt(v); });
}

Array tanh(const Array& x) {
  return map(x, [](const auto& v) { return xt::tanh(v); });
}

Array sin(const Array& x) {
  return map(x, [](const auto& v) { return xt::sin(v); });
}

Array cos(const Array& x) {
  return map(x, [](const auto& v) { return xt::cos(v); });
}

Array erf(const Array& x) {
  return map(x, [](const auto& v) { return xt::erf(v); });
}

Array sign(const Array& x) {
  return map(x, [](const auto& v) { return xt::sign(v); });
}

}  // namespace attune::kernel
