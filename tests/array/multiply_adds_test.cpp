#include "array/multiply_adds.hpp"

#include <doctest/doctest.h>

#include "array/kernels.hpp"
#include "array/parallel.hpp"
#include "array/tiled_attention.hpp"

using namespace attune;

namespace {

template <typename Body>
std::uint64_t work_of(const Body& body) {
  const std::uint64_t before = multiply_adds();
  body();
  return multiply_adds() - before;
}

}  // namespace

TEST_CASE("a matrix product counts rows times columns times depth") {
  const auto ones = [](const Shape& shape) { return Array::full(shape, 1); };
  CHECK(work_of([&] { kernel::matmul(ones({3, 5}), ones({5, 7})); }) == 3 * 5 * 7);
  CHECK(work_of([&] { kernel::matmul(ones({5, 3}), ones({7, 5}), true, true); }) == 3 * 5 * 7);
  CHECK(work_of([&] { kernel::matmul(ones({4, 3, 5}), ones({4, 5, 7})); }) == 4 * 3 * 5 * 7);
  CHECK(work_of([&] { kernel::matmul(ones({4, 3, 5}), ones({5, 7})); }) == 4 * 3 * 5 * 7);
  CHECK(work_of([&] { kernel::matmul(ones({4, 5, 3}), ones({5, 7}), true); }) == 4 * 3 * 5 * 7);
  CHECK(work_of([&] { kernel::matmul(ones({3, 0}), ones({0, 7})); }) == 0);
}

TEST_CASE("work in blocks is counted once at any number of threads") {
  const Array a = Array::full({300, 70}, 1), b = Array::full({70, 90}, 1);
  for (const int number : {1, 2, 5}) {
    CAPTURE(number);
    set_threads(number);
    CHECK(work_of([&] { kernel::matmul(a, b); }) == 300 * 70 * 90);
    CHECK(work_of([&] {
            kernel::parallel_for(11, [&](std::size_t block) {
              for (std::size_t i = 0; i < block; ++i) kernel::matmul(a, b);
            });
          }) == 55 * 300 * 70 * 90);
  }
  set_threads(1);
}

TEST_CASE("a convolution and its two gradients count every tap of every output, padding too") {
  const Array x = Array::full({9, 3, 14, 12}, 1), w = Array::full({32, 3, 3, 3}, 1);
  const kernel::Conv2d how{.stride = 2, .pad = 1};
  const std::uint64_t want = 9 * 32 * 7 * 6 * 3 * 3 * 3;
  for (const bool blocked : {false, true}) {
    for (const int number : {1, 2}) {
      CAPTURE(number);
      set_threads(number);
      Array y = Array::full({1}, 0);
      CHECK(work_of([&] { y = kernel::conv2d(x, w, how, blocked); }) == want);
      CHECK(work_of([&] { kernel::conv2d_input_grad(y, w, x.shape(), how); }) == want);
      CHECK(work_of([&] { kernel::conv2d_weight_grad(x, y, w.shape(), how); }) == want);
      CHECK(work_of([&] { kernel::reference::conv2d(x, w, how, blocked); }) == want);
    }
  }
  set_threads(1);
}

TEST_CASE("attention in tiles counts what the two whole products would") {
  const Array q = Array::full({2, 700, 8}, 1), k = Array::full({2, 900, 8}, 1);
  const Array v = Array::full({2, 900, 5}, 1);
  for (const int number : {1, 2}) {
    CAPTURE(number);
    set_threads(number);
    CHECK(work_of([&] { kernel::tiled_attention(q, k, v, 1); }) == 2 * 700 * 900 * (8 + 5));
  }
  set_threads(1);
}
