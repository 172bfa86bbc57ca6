#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "array/naive.hpp"

using namespace attune;
using namespace attune::naive;

namespace {

constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();
constexpr Real kLowest = -std::numeric_limits<Real>::infinity();

// make(row, out): what the kernel should do with one row, in long double.
template <typename Make>
Array by_rows(const Array& x, const Make& make) {
  Array want(x.shape());
  const std::size_t length = x.shape().back();
  for (std::size_t begin = 0; begin < x.size(); begin += length) {
    std::vector<long double> row(x.data() + begin, x.data() + begin + length);
    make(row);
    for (std::size_t i = 0; i < length; ++i) {
      want.mutable_data()[begin + i] = static_cast<Real>(row[i]);
    }
  }
  return want;
}

void plain_softmax(std::vector<long double>& row) {
  long double total = 0;
  for (long double& value : row) total += value = std::exp(value);
  for (long double& value : row) value /= total;
}

void plain_log_softmax(std::vector<long double>& row) {
  plain_softmax(row);
  for (long double& value : row) value = std::log(value);
}

}  // namespace

TEST_CASE("kernels of the last axis agree with plain loops") {
  Rng rng(1, "last_axis");
  for (int round = 0; round < 300; ++round) {
    const Array x = random_array(random_shape(rng, 1, 4, 9), rng, 3);
    CAPTURE(x.shape().text());
    CHECK(close(kernel::softmax(x), by_rows(x, plain_softmax)));
    CHECK(close(kernel::log_softmax(x), by_rows(x, plain_log_softmax), 4 * kTolerance));
    CHECK(close(kernel::cumsum_last(x, false), by_rows(x, [](auto& row) {
                  for (std::size_t i = 1; i < row.size(); ++i) row[i] += row[i - 1];
                })));
    CHECK(close(kernel::cumsum_last(x, true), by_rows(x, [](auto& row) {
                  for (std::size_t i = row.size(); i-- > 1;) row[i - 1] += row[i];
                })));
  }
}

TEST_CASE("maxima and their places agree with a plain loop; of equal ones the first counts") {
  Rng rng(2, "last_axis");
  for (int round = 0; round < 300; ++round) {
    Shape shape = random_shape(rng, 1, 4, 9);
    if (shape.back() == 0) shape[shape.rank() - 1] = 1;
    Array x(shape);
    for (std::size_t i = 0; i < x.size(); ++i) {
      x.mutable_data()[i] = static_cast<Real>(rng.below(4)) - 2;
    }
    const Array most = kernel::max_last(x);
    const Indices places = kernel::argmax_last(x);
    Shape expected = shape;
    expected[shape.rank() - 1] = 1;
    CHECK(most.shape() == expected);
    REQUIRE(places.size() == most.size());
    for (std::size_t row = 0; row < places.size(); ++row) {
      const Real* const begin = x.data() + row * shape.back();
      const Real* const best = std::max_element(begin, begin + shape.back());
      CHECK(places[row] == static_cast<std::size_t>(best - begin));
      CHECK(most.values()[row] == *best);
    }
  }
}

TEST_CASE("NaN is never hidden by a maximum") {
  const Array x = Array::of({3, 3}, {1, kNan, Real(0.5), kNan, 2, 3, 1, 2, kNan});
  const Array most = kernel::max_last(x);
  for (const Real value : most.values()) CHECK(std::isnan(value));
  CHECK(kernel::argmax_last(x) == Indices{1, 0, 2});
  const Array weights = kernel::softmax(x);
  for (const Real value : weights.values()) CHECK(std::isnan(value));
}

TEST_CASE("masked scores: -inf gets no weight, a fully masked row is all zeros") {
  const Array x = Array::of({2, 3}, {kLowest, 1, 1, kLowest, kLowest, kLowest});
  CHECK(close(kernel::softmax(x), Array::of({2, 3}, {0, 0.5, 0.5, 0, 0, 0}), 0));
  const Array logs = kernel::log_softmax(x);
  CHECK(logs.values()[0] == kLowest);
  CHECK(logs.values()[1] == doctest::Approx(-std::log(2.0)));
  for (std::size_t i = 3; i < 6; ++i) CHECK(logs.values()[i] == kLowest);
  CHECK(kernel::argmax_last(x) == Indices{1, 0});
}

TEST_CASE("large scores do not overflow and rows sum to 1") {
  Rng rng(3, "last_axis");
  const Array x = random_array({50, 40}, rng, 1e4);
  CHECK(kernel::all_finite(kernel::softmax(x)));
  CHECK(kernel::all_finite(kernel::log_softmax(x)));
  const std::array<std::size_t, 1> last{1};
  const Array totals = kernel::sum(kernel::softmax(x), last, false);
  for (const Real total : totals.values()) {
    CHECK(total == doctest::Approx(1).epsilon(kTolerance));
  }
}

TEST_CASE("the same bits on any thread count") {
  Rng rng(4, "last_axis");
  for (const Shape& shape : {Shape{20011, 5}, Shape{37, 1000}, Shape{3, 50000}}) {
    const Array x = random_array(shape, rng);
    CHECK(same_on_threads([&] { return kernel::softmax(x); }));
    CHECK(same_on_threads([&] { return kernel::log_softmax(x); }));
    CHECK(same_on_threads([&] { return kernel::max_last(x); }));
    CHECK(same_on_threads([&] { return kernel::cumsum_last(x, false); }));
    const auto places = [&] { return kernel::argmax_last(x); };
    CHECK(with_threads(1, places) == with_threads(2, places));
  }
}

TEST_CASE("scalars and maxima of nothing are errors, softmax of nothing is nothing") {
  const Array none({2, 0});
  CHECK(contains(error_of([&] { kernel::max_last(none); }), "(2,0)"));
  CHECK(contains(error_of([&] { kernel::argmax_last(none); }), "(2,0)"));
  CHECK(kernel::softmax(none).shape() == Shape{2, 0});
  CHECK(kernel::log_softmax(none).shape() == Shape{2, 0});
  CHECK(kernel::cumsum_last(none, true).shape() == Shape{2, 0});
  CHECK(kernel::max_last(Array({0, 3})).shape() == Shape{0, 1});
  for (const auto& one : {kernel::softmax, kernel::log_softmax, kernel::max_last}) {
    CHECK_FALSE(error_of([&] { one(Array::scalar(1)); }).empty());
  }
}
