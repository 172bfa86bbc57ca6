#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "array/naive.hpp"

using namespace attune;
using namespace attune::naive;

namespace {

constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();
constexpr Real kInfinity = std::numeric_limits<Real>::infinity();

struct Binary {
  const char* name;
  Array (*kernel)(const Array&, const Array&);
  Real (*plain)(Real, Real);
};

const Binary kBinary[] = {
    {"add", kernel::add, [](Real a, Real b) { return a + b; }},
    {"sub", kernel::sub, [](Real a, Real b) { return a - b; }},
    {"mul", kernel::mul, [](Real a, Real b) { return a * b; }},
    {"div", kernel::div, [](Real a, Real b) { return a / b; }},
    {"maximum", kernel::maximum, [](Real a, Real b) { return a > b ? a : b; }},
    {"greater", kernel::greater, [](Real a, Real b) { return a > b ? Real(1) : Real(0); }},
    {"equal", kernel::equal, [](Real a, Real b) { return a == b ? Real(1) : Real(0); }},
};

// Few different values, so that equal ones meet.
Array random_steps(const Shape& shape, Rng& rng) {
  Array result(shape);
  Real* const out = result.mutable_data();
  for (std::size_t i = 0; i < result.size(); ++i) out[i] = static_cast<Real>(rng.below(7)) - 3;
  return result;
}

Array plain_binary(const Binary& op, const Array& a, const Array& b) {
  Array want(broadcast(a.shape(), b.shape()));
  Real* out = want.mutable_data();
  for_each_index(want.shape(), [&](const Index& index) {
    *out++ = op.plain(stretched(a, want.rank(), index), stretched(b, want.rank(), index));
  });
  return want;
}

}  // namespace

TEST_CASE("binary kernels agree with a plain loop over broadcast shapes") {
  Rng rng(1, "elementwise");
  for (int round = 0; round < 300; ++round) {
    const Shape shape = random_shape(rng, 0, 5, 6);
    const Array whole = random_steps(shape, rng);
    const Array part = random_steps(random_partner(shape, rng), rng);
    const bool swapped = rng.bernoulli(0.5);
    const Array& a = swapped ? part : whole;
    const Array& b = swapped ? whole : part;
    for (const Binary& op : kBinary) {
      CAPTURE(op.name);
      CAPTURE(a.shape().text());
      CAPTURE(b.shape().text());
      CHECK(close(op.kernel(a, b), plain_binary(op, a, b), 0));
    }
  }
}

TEST_CASE("both operands may stretch") {
  Rng rng(2, "elementwise");
  for (int round = 0; round < 100; ++round) {
    const Shape shape = random_shape(rng, 0, 4, 5);
    const Array a = random_steps(random_partner(shape, rng), rng);
    const Array b = random_steps(random_partner(shape, rng), rng);
    for (const Binary& op : kBinary) CHECK(close(op.kernel(a, b), plain_binary(op, a, b), 0));
  }
}

TEST_CASE("large operands agree with a plain loop, with the same bits on any thread count") {
  Rng rng(3, "elementwise");
  const Array image = random_array({7, 2, 101, 16, 16}, rng);
  const Shape partners[] = {
      {}, {16}, {7, 1, 1, 1, 1}, {2, 1, 1, 16}, {101, 16, 1}, {7, 2, 101, 16, 16}};
  for (const Shape& partner : partners) {
    const Array other = random_array(partner, rng);
    for (const Binary& op : kBinary) {
      CAPTURE(op.name);
      CAPTURE(partner.text());
      CHECK(same_on_threads([&] { return op.kernel(image, other); }));
      CHECK(close(op.kernel(image, other), plain_binary(op, image, other), 0));
    }
  }
}

TEST_CASE("maximum lets NaN through from either side") {
  const Array x = Array::of({3}, {kNan, 1, kNan});
  const Array y = Array::of({3}, {1, kNan, kNan});
  const Array most = kernel::maximum(x, y);
  for (const Real value : most.values()) CHECK(std::isnan(value));
  CHECK(kernel::greater(x, y).values()[0] == 0);
  CHECK(kernel::equal(x, y).values()[2] == 0);
}

TEST_CASE("where chooses, with all three operands stretching") {
  Rng rng(4, "elementwise");
  for (int round = 0; round < 200; ++round) {
    const Shape shape = random_shape(rng, 0, 4, 6);
    const Array mask = random_steps(random_partner(shape, rng), rng);
    const Array a = random_array(random_partner(shape, rng), rng);
    const Array b = random_array(random_partner(shape, rng), rng);
    Array want(broadcast(mask.shape(), broadcast(a.shape(), b.shape())));
    Real* out = want.mutable_data();
    for_each_index(want.shape(), [&](const Index& index) {
      const std::size_t rank = want.rank();
      *out++ =
          stretched(mask, rank, index) != 0 ? stretched(a, rank, index) : stretched(b, rank, index);
    });
    CHECK(close(kernel::where(mask, a, b), want, 0));
  }
}

TEST_CASE("what is not chosen may be NaN") {
  const Array chosen =
      kernel::where(Array::of({2}, {1, 0}), Array::of({2}, {1, kNan}), Array::of({2}, {kNan, 2}));
  CHECK(close(chosen, Array::of({2}, {1, 2}), 0));
}

TEST_CASE("add_into adds in place, and copies only what is shared") {
  Rng rng(5, "elementwise");
  const Array x = random_array({300, 301}, rng);
  const Array y = random_array({300, 301}, rng);
  const Array want = kernel::add(x, y);
  Array sum = x;
  kernel::add_into(sum, y);
  CHECK(same_bits(sum, want));
  CHECK_FALSE(same_bits(x, want));
  const Real* const memory = sum.data();
  kernel::add_into(sum, y);
  CHECK(sum.data() == memory);
  CHECK(same_on_threads([&] {
    Array copy = x;
    kernel::add_into(copy, y);
    return copy;
  }));
  Array twice = y;
  kernel::add_into(twice, twice);
  CHECK(same_bits(twice, kernel::scale(y, 2)));
}

TEST_CASE("all_finite finds one bad value anywhere") {
  Rng rng(6, "elementwise");
  Array x = random_array({1000}, rng);
  CHECK(kernel::all_finite(x));
  CHECK(kernel::all_finite(Array({0})));
  for (const Real bad : {kNan, kInfinity, -kInfinity}) {
    for (const std::size_t place : {0u, 500u, 999u}) {
      Array copy = x;
      copy.mutable_data()[place] = bad;
      CHECK_FALSE(kernel::all_finite(copy));
    }
  }
}

TEST_CASE("shapes that don't fit are errors that name both") {
  const Array a({2, 3}), b({4, 3});
  for (const Binary& op : kBinary) {
    const std::string message = error_of([&] { op.kernel(a, b); });
    CHECK(contains(message, "(2,3)"));
    CHECK(contains(message, "(4,3)"));
  }
  CHECK_FALSE(error_of([&] { kernel::where(a, a, b); }).empty());
  Array sum = a;
  CHECK(contains(error_of([&] { kernel::add_into(sum, b); }), "(4,3)"));
}
