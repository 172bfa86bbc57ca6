#include <algorithm>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>

#include "array/kernels.hpp"
#include "array/parallel.hpp"
#include "array/view.hpp"
#include "base/instructions.hpp"

namespace attune::kernel {
namespace {

constexpr std::size_t kBlock = 1 << 14;  // values; source and target stay in the cache

// body(begin, count) for each block.
template <typename Body>
void each_block(std::size_t size, const Body& body) {
  parallel_for((size + kBlock - 1) / kBlock, [&](std::size_t block) {
    body(block * kBlock, std::min(kBlock, size - block * kBlock));
  });
}

// function: a view of a block of x → a lazy expression of the same size.
template <typename Function>
Array map(const Array& x, const Function& function) {
  Array out(x.shape());
  const Real* const from = x.data();
  Real* const to = out.mutable_data();
  each_block(x.size(), [&](std::size_t begin, std::size_t count) {
    auto target = line_view(to + begin, count);
    xt::noalias(target) = function(line_view(from + begin, count));
  });
  return out;
}

// The same for what takes no longer than fetching x: with the widest vectors there are.
template <Real (*of)(Real, Real)>
void loop(const Real* __restrict x, Real number, Real* __restrict out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = of(x[i], number);
}

template <Real (*of)(Real, Real)>
Array quick_map(const Array& x, Real number = 0) {
  Array out(x.shape());
  const Real* const from = x.data();
  Real* const to = out.mutable_data();
  each_block(x.size(), [&](std::size_t begin, std::size_t count) {
    widest<loop<of>>(from + begin, number, to + begin, count);
  });
  return out;
}

inline Real times(Real value, Real factor) { return value * factor; }
inline Real plus(Real value, Real offset) { return value + offset; }
// In this order the comparison is false for NaN, which so comes through.
inline Real positive(Real value, Real) { return Real(0) > value ? Real(0) : value; }
inline Real negative(Real value, Real) { return -value; }

}  // namespace

Array scale(const Array& x, Real factor) { return quick_map<times>(x, factor); }
Array shift(const Array& x, Real offset) { return quick_map<plus>(x, offset); }
Array relu(const Array& x) { return quick_map<positive>(x); }
Array neg(const Array& x) { return quick_map<negative>(x); }

Array pow(const Array& x, Real exponent) {
  return map(x, [=](const auto& v) { return xt::pow(v, exponent); });
}

Array sigmoid(const Array& x) {
  return map(x, [](const auto& v) { return Real(1) / (Real(1) + xt::exp(-v)); });
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
