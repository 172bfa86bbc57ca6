#include "autograd/masked_softmax.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "array/masked_softmax.hpp"
#include "array/parallel.hpp"
#include "array/softmax_grad.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr double kClose = sizeof(Real) == 8 ? 1e-12 : 1e-6;

// About two of three allowed.
Array some(const Shape& shape, std::uint64_t seed) {
  Rng rng(seed, "allowed");
  Array mask(shape);
  for (std::size_t i = 0; i < mask.size(); ++i)
    mask.mutable_data()[i] = rng.bernoulli(0.67) ? Real(1) : Real(0);
  return mask;
}

Var composed(const Var& x, const Array& allowed) {
  return softmax(where(allowed, x, constant(-std::numeric_limits<Real>::infinity())));
}

void check_close(const Array& a, const Array& b, double close = kClose) {
  REQUIRE(a.shape() == b.shape());
  for (std::size_t i = 0; i < a.size(); ++i)
    CHECK(std::abs(double(a.data()[i]) - double(b.data()[i])) < close);
}

}  // namespace

TEST_CASE("masked softmax and its gradient equal the composed ones, for every way to broadcast") {
  Rng rng(3, "masked-softmax");
  for (const Shape& mask : {Shape{2, 3, 4, 37}, Shape{2, 1, 1, 37}, Shape{4, 37}, Shape{37},
                            Shape{1, 3, 1, 37}, Shape{2, 1, 4, 37}}) {
    CAPTURE(mask.text());
    const Var x = leaf(random_array({2, 3, 4, 37}, rng, 3));
    const Array allowed = some(mask, 5);
    const Var g = constant(random_array(x.shape(), rng));
    check_close(masked_softmax(x, allowed).value(), composed(x, allowed).value());
    check_close(grad_along(masked_softmax(x, allowed), g, {x})[0].value(),
                grad_along(composed(x, allowed), g, {x})[0].value(), 10 * kClose);
  }
}

TEST_CASE("masked softmax: a row that allows nothing is 0, and NaN stays where it is allowed") {
  Array x = Array::zeros({3, 20}), allowed = Array::full({3, 20}, 1);
  std::fill_n(allowed.mutable_data(), 20, Real(0));
  x.mutable_data()[25] = x.mutable_data()[45] = std::numeric_limits<Real>::quiet_NaN();
  allowed.mutable_data()[45] = 0;
  const Array weights = kernel::masked_softmax(x, allowed);
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(weights.data()[i] == 0);
    CHECK(std::isnan(weights.data()[20 + i]));
    CHECK(double(weights.data()[40 + i]) == doctest::Approx(i == 5 ? 0 : 1 / 19.0));
  }
}

TEST_CASE("masked softmax: bits at one thread and two, and shapes that don't fit") {
  Rng rng(4, "masked-softmax");
  const Array x = random_array({300, 200}, rng), allowed = some({200}, 2);
  set_threads(2);
  const Array two = kernel::masked_softmax(x, allowed), grad_two = kernel::softmax_grad(x, two);
  set_threads(1);
  const Array one = kernel::masked_softmax(x, allowed), grad_one = kernel::softmax_grad(x, one);
  CHECK(std::ranges::equal(one.values(), two.values()));
  CHECK(std::ranges::equal(grad_one.values(), grad_two.values()));
  CHECK_THROWS_AS(kernel::masked_softmax(x, some({300, 1}, 2)), Error);
  CHECK_THROWS_AS(kernel::masked_softmax(x, some({2, 300, 200}, 2)), Error);
  CHECK_THROWS_AS(kernel::softmax_grad(x, allowed), Error);
}
