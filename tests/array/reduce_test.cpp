#include <doctest/doctest.h>

#include <vector>

#include "array/naive.hpp"

using namespace attune;
using namespace attune::naive;

namespace {

Array plain_sum(const Array& x, const std::vector<std::size_t>& axes, bool keep) {
  Shape kept = x.shape();
  for (const std::size_t axis : axes) kept[axis] = 1;
  std::vector<long double> sums(kept.size());
  for_each_index(x.shape(), [&](Index index) {
    const Real value = at(x, index);
    for (const std::size_t axis : axes) index[axis] = 0;
    sums[position(kept, index)] += value;
  });
  Array want(kept);
  std::transform(sums.begin(), sums.end(), want.mutable_data(),
                 [](long double sum) { return static_cast<Real>(sum); });
  Shape left;
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) left.push_back(x.dim(axis));
  }
  return keep ? want : want.reshaped(left);
}

std::vector<std::size_t> random_axes(const Shape& shape, Rng& rng) {
  std::vector<std::size_t> axes;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (rng.bernoulli(0.5))
      axes.insert(axes.begin() + static_cast<long>(rng.below(axes.size() + 1)), axis);
  }
  return axes;
}

}  // namespace

TEST_CASE("sums over any axes agree with a plain loop") {
  Rng rng(1, "reduce");
  for (int round = 0; round < 400; ++round) {
    const Array x = random_array(random_shape(rng, 0, 5, 7), rng);
    const std::vector<std::size_t> axes = random_axes(x.shape(), rng);
    const bool keep = rng.bernoulli(0.5);
    CAPTURE(x.shape().text());
    CHECK(close(kernel::sum(x, axes, keep), plain_sum(x, axes, keep), 10 * kTolerance));
  }
}

TEST_CASE("large sums agree with a plain loop, with the same bits on any thread count") {
  Rng rng(2, "reduce");
  struct Case {
    Shape shape;
    std::vector<std::size_t> axes;
  };
  const Case cases[] = {{{300007}, {0}},
                        {{3, 100003}, {1}},
                        {{70001, 5}, {0}},
                        {{400, 1030}, {0}},
                        {{12, 33, 1030}, {1}},
                        {{20, 16, 31, 33}, {0, 2, 3}},
                        {{9, 4, 28, 28, 16}, {0, 2, 3}},
                        {{2, 300, 700}, {1}},
                        {{40000, 5}, {1}}};
  for (const Case& one : cases) {
    const Array x = random_array(one.shape, rng);
    CAPTURE(one.shape.text());
    CHECK(same_on_threads([&] { return kernel::sum(x, one.axes, true); }));
    CHECK(close(kernel::sum(x, one.axes, false), plain_sum(x, one.axes, false), 10 * kTolerance));
  }
}

TEST_CASE("a sum of millions of values is exact to the last place of its type") {
  const Array x = Array::full({5'000'001}, Real(0.1));
  const double want = 5'000'001.0 * static_cast<double>(Real(0.1));
  CHECK(kernel::sum_all(x).item() ==
        doctest::Approx(want).epsilon(sizeof(Real) == 4 ? 1e-7 : 1e-12));
  CHECK(same_on_threads([&] { return kernel::sum_all(x); }));
}

TEST_CASE("sum_all is a scalar, also of nothing") {
  CHECK(kernel::sum_all(Array::of({2, 2}, {1, 2, 3, 4})).item() == 10);
  CHECK(kernel::sum_all(Array::of({2, 2}, {1, 2, 3, 4})).shape() == Shape{});
  CHECK(kernel::sum_all(Array({0, 3})).item() == 0);
  CHECK(kernel::sum_all(Array::scalar(7)).item() == 7);
}

TEST_CASE("sum_to and broadcast_to are adjoint") {
  Rng rng(3, "reduce");
  for (int round = 0; round < 300; ++round) {
    const Shape shape = random_shape(rng, 0, 5, 6);
    const Array x = random_array(random_partner(shape, rng), rng);
    const Array y = random_array(shape, rng);
    const Array wide = kernel::broadcast_to(x, shape);
    Array want(shape);
    Real* out = want.mutable_data();
    for_each_index(shape, [&](const Index& index) { *out++ = stretched(x, shape.rank(), index); });
    CHECK(close(wide, want, 0));
    const Array narrow = kernel::sum_to(y, x.shape());
    CHECK(narrow.shape() == x.shape());
    const Real left = kernel::sum_all(kernel::mul(wide, y)).item();
    const Real right = kernel::sum_all(kernel::mul(x, narrow)).item();
    CHECK(std::abs(left - right) <= 100 * kTolerance * (1 + std::abs(left)));
  }
}

TEST_CASE("wrong axes and shapes are errors") {
  const Array x({2, 3});
  const std::vector<std::size_t> outside{2}, twice{1, 1};
  CHECK(contains(error_of([&] { kernel::sum(x, outside, false); }), "(2,3)"));
  CHECK(contains(error_of([&] { kernel::sum(x, twice, false); }), "axis 1"));
  CHECK(contains(error_of([&] { kernel::sum_to(x, {4}); }), "(4)"));
  CHECK(contains(error_of([&] { kernel::sum_to(x, {5, 2, 3}); }), "(5,2,3)"));
  CHECK(contains(error_of([&] { kernel::broadcast_to(x, {3}); }), "(3)"));
  CHECK(contains(error_of([&] { kernel::broadcast_to(x, {2, 1}); }), "(2,1)"));
}
