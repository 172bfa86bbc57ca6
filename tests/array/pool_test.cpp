#include <doctest/doctest.h>

#include <limits>

#include "array/kernels.hpp"
#include "array/naive.hpp"

using namespace attune;
using naive::contains;
using naive::error_of;
using naive::same_bits;

namespace {

struct Case {
  Shape shape;
  std::size_t k;
};

const std::vector<Case> kCases{{{2, 3, 4, 6}, 2},     {{1, 5, 7, 7}, 2},     {{3, 2, 3, 5}, 2},
                               {{2, 2, 7, 8}, 3},     {{2, 3, 4, 4}, 1},     {{1, 1, 3, 3}, 3},
                               {{0, 3, 4, 4}, 2},     {{2, 1, 4, 6, 16}, 2}, {{3, 2, 7, 7, 16}, 2},
                               {{2, 1, 3, 3, 16}, 2}, {{2, 1, 9, 8, 16}, 3}, {{2, 2, 5, 4, 16}, 1},
                               {{40, 1, 7, 7, 16}, 2}};

Array plain(const Array& x) { return x.rank() == 5 ? kernel::from_blocked(x) : x; }
Array like(const Array& x, const Array& as) { return as.rank() == 5 ? kernel::to_blocked(x) : x; }

// Few different values, so that windows have ties.
Array with_ties(const Shape& shape, Rng& rng) {
  Array x(shape);
  Real* const to = x.mutable_data();
  for (std::size_t i = 0; i < x.size(); ++i) to[i] = static_cast<Real>(rng.below(4)) - 2;
  return x;
}

double dot(const Array& a, const Array& b) {
  REQUIRE(a.shape() == b.shape());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a.data()[i]) * b.data()[i];
  return sum;
}

}  // namespace

TEST_CASE("max_pool finds the first maximum of each window") {
  Rng rng(1, "max pool");
  for (const auto& [shape, k] : kCases) {
    INFO(shape.text() << " k " << k);
    for (const Array& x : {random_array(shape, rng), with_ties(shape, rng)}) {
      const auto [y, positions] = kernel::max_pool(x, k);
      REQUIRE(positions.size() == y.size());
      CHECK(same_bits(kernel::pick(x, positions, y.shape()), y));
      // The positions, seen in plain images, are those of a plain search.
      const Array flat = plain(x);
      Array number(flat.shape());
      for (std::size_t i = 0; i < number.size(); ++i) {
        number.mutable_data()[i] = static_cast<Real>(i);
      }
      const Array chosen = plain(kernel::pick(like(number, x), positions, y.shape()));
      const Array best = plain(y);
      CHECK(best.dim(2) == flat.dim(2) / k);
      CHECK(best.dim(3) == flat.dim(3) / k);
      std::size_t wrong = 0;
      naive::for_each_index(best.shape(), [&, size = k](const naive::Index& at) {
        std::size_t first = flat.size();
        for (std::size_t i = 0; i < size * size; ++i) {
          const std::size_t here = naive::position(
              flat.shape(), {at[0], at[1], at[2] * size + i / size, at[3] * size + i % size});
          if (first == flat.size() || flat.data()[here] > flat.data()[first]) first = here;
        }
        wrong += naive::at(best, at) != flat.data()[first];
        wrong += naive::at(chosen, at) != static_cast<Real>(first);
      });
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("max_pool keeps NaN") {
  for (const std::size_t place : {0u, 1u, 2u, 3u}) {
    Array x = Array::of({1, 1, 2, 2}, {1, 2, 3, 4});
    x.mutable_data()[place] = std::numeric_limits<Real>::quiet_NaN();
    const auto [y, positions] = kernel::max_pool(x, 2);
    CHECK(std::isnan(y.item()));
    CHECK(positions[0] == place);
  }
  const Real least = -std::numeric_limits<Real>::infinity();
  CHECK(kernel::max_pool(Array::full({1, 1, 2, 2}, least), 2).first.item() == least);
}

TEST_CASE("pick and unpick, avg_pool and avg_unpool are adjoints") {
  Rng rng(2, "pool adjoints");
  for (const auto& [shape, k] : kCases) {
    INFO(shape.text() << " k " << k);
    const Array x = random_array(shape, rng);
    const auto [y, positions] = kernel::max_pool(x, k);
    const Array g = random_array(y.shape(), rng);
    const double tolerance = naive::kTolerance * (1 + static_cast<double>(x.size()));
    CHECK(dot(kernel::pick(x, positions, y.shape()), g) ==
          doctest::Approx(dot(x, kernel::unpick(g, positions, shape))).epsilon(1e-12));
    CHECK(std::abs(dot(kernel::avg_pool(x, k), g) - dot(x, kernel::avg_unpool(g, k, shape))) <
          tolerance);
  }
}

TEST_CASE("unpick adds up positions that repeat") {
  const Indices positions{2, 0, 2};
  const Array x = kernel::unpick(Array::of({3}, {1, 2, 4}), positions, {4});
  CHECK(same_bits(x, Array::of({4}, {2, 0, 5, 0})));
}

TEST_CASE("avg_pool is the mean of each window, whatever the layout") {
  Rng rng(3, "avg pool");
  const Array x = random_array({2, 32, 5, 7}, rng);
  const Array y = kernel::avg_pool(x, 2);
  CHECK(y.shape() == Shape{2, 32, 2, 3});
  Array want(y.shape());
  Real* to = want.mutable_data();
  naive::for_each_index(y.shape(), [&](const naive::Index& at) {
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      sum +=
          static_cast<double>(naive::at(x, {at[0], at[1], 2 * at[2] + i / 2, 2 * at[3] + i % 2}));
    }
    *to++ = static_cast<Real>(sum / 4);
  });
  CHECK(naive::close(y, want));
  CHECK(same_bits(plain(kernel::avg_pool(kernel::to_blocked(x), 2)), y));
  const Array g = random_array(y.shape(), rng);
  CHECK(
      same_bits(plain(kernel::avg_unpool(kernel::to_blocked(g), 2, kernel::to_blocked(x).shape())),
                kernel::avg_unpool(g, 2, x.shape())));
}

TEST_CASE("pooling gives the same bits at any thread count") {
  Rng rng(4, "pool threads");
  const Array x = random_array({60, 2, 14, 14, 16}, rng);
  const auto [y, positions] = kernel::max_pool(x, 2);
  const Array g = random_array(y.shape(), rng);
  CHECK(naive::same_on_threads([&] { return kernel::max_pool(x, 2).first; }));
  CHECK(naive::same_on_threads([&] { return kernel::avg_pool(x, 2); }));
  CHECK(naive::same_on_threads([&] { return kernel::avg_unpool(g, 2, x.shape()); }));
  CHECK(naive::with_threads(2, [&] { return kernel::max_pool(x, 2).second; }) == positions);
}

TEST_CASE("pooling refuses what does not fit") {
  const Array x = Array::zeros({1, 2, 4, 4});
  const Indices far{99}, two{0, 1};
  CHECK(contains(error_of([&] { kernel::max_pool(x, 5); }), "have 5"));
  CHECK(contains(error_of([&] { kernel::max_pool(x, 0); }), "have 0"));
  CHECK(contains(error_of([&] { kernel::max_pool(Array({4, 4}), 2); }), "(4,4)"));
  CHECK(contains(error_of([&] { kernel::pick(x, far, {1}); }), "have 99"));
  CHECK(contains(error_of([&] { kernel::pick(x, two, {1}); }), "have 2"));
  CHECK(contains(error_of([&] { kernel::unpick(Array({1}), far, {4}); }), "have 99"));
  CHECK(contains(error_of([&] { kernel::avg_unpool(x, 2, x.shape()); }), "(1,2,4,4)"));
}
