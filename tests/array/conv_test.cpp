#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "array/kernels.hpp"
#include "array/naive.hpp"
#include "array/parallel.hpp"

using namespace attune;
using naive::close;
using naive::contains;
using naive::error_of;
using naive::same_bits;

namespace {

struct Case {
  std::size_t images, channels, height, width, filters, kernel;
  kernel::Conv2d how;
  bool blocked;
};

// The definition, one output value at a time, in double.
Array naive_conv2d(const Array& x, const Array& w, kernel::Conv2d how) {
  const std::size_t height = (x.dim(2) + 2 * how.pad - w.dim(2)) / how.stride + 1;
  const std::size_t width = (x.dim(3) + 2 * how.pad - w.dim(3)) / how.stride + 1;
  Array y({x.dim(0), w.dim(0), height, width});
  Real* out = y.mutable_data();
  naive::for_each_index(y.shape(), [&](const naive::Index& at) {
    double sum = 0;
    naive::for_each_index({x.dim(1), w.dim(2), w.dim(3)}, [&](const naive::Index& tap) {
      const std::size_t row = at[2] * how.stride + tap[1], column = at[3] * how.stride + tap[2];
      if (row < how.pad || column < how.pad) return;
      if (row - how.pad >= x.dim(2) || column - how.pad >= x.dim(3)) return;
      sum += static_cast<double>(naive::at(x, {at[0], tap[0], row - how.pad, column - how.pad})) *
             static_cast<double>(naive::at(w, {at[1], tap[0], tap[1], tap[2]}));
    });
    *out++ = static_cast<Real>(sum);
  });
  return y;
}

double dot(const Array& a, const Array& b) {
  REQUIRE(a.shape() == b.shape());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a.data()[i]) * b.data()[i];
  return sum;
}

double norm(const Array& a) { return std::sqrt(dot(a, a)); }

// |a - b| / |b|, 2-norms.
double relative_error(const Array& a, const Array& b) {
  return norm(kernel::sub(a, b)) / (norm(b) + 1e-300);
}

constexpr double kFast = sizeof(Real) == sizeof(float) ? 2e-6 : 1e-13;

std::vector<Case> cases() {
  std::vector<Case> list;
  for (const std::size_t images : {1u, 7u, 8u, 9u, 20u})
    for (const std::size_t channels : {1u, 3u, 16u, 64u})
      for (const std::size_t size : {3u, 7u, 14u})
        list.push_back({images, channels, size, size, channels < 64 ? 32u : 64u, 3, {1, 1}, true});
  for (const std::size_t kernel : {1u, 3u, 5u})
    for (const std::size_t pad : {0u, 1u, 2u})
      for (const std::size_t stride : {1u, 2u})
        for (const std::size_t channels : {1u, 3u, 16u, 20u})
          list.push_back({3, channels, 7, 9, 16, kernel, {stride, pad}, true});
  for (const std::size_t channels : {1u, 5u, 16u})
    for (const std::size_t filters : {3u, 16u, 20u})
      for (const bool blocked : {false, true})
        list.push_back({9, channels, 6, 5, filters, 3, {1, 1}, blocked});
  list.push_back({2, 1, 28, 28, 64, 3, {1, 1}, true});
  list.push_back({2, 64, 13, 11, 64, 3, {1, 0}, true});
  return list;
}

std::string name(const Case& c) {
  return "S " + std::to_string(c.images) + " C " + std::to_string(c.channels) + " Y " +
         std::to_string(c.height) + " X " + std::to_string(c.width) + " O " +
         std::to_string(c.filters) + " k " + std::to_string(c.kernel) + " stride " +
         std::to_string(c.how.stride) + " pad " + std::to_string(c.how.pad) + " blocked " +
         std::to_string(c.blocked);
}

struct Operands {
  Array x, w;
};

// Images are blocked where their channels allow it and the case asks for it.
Operands operands(const Case& c, Rng& rng) {
  Operands made{random_array({c.images, c.channels, c.height, c.width}, rng),
                random_array({c.filters, c.channels, c.kernel, c.kernel}, rng)};
  if (c.blocked && c.channels % 16 == 0) made.x = kernel::to_blocked(made.x);
  return made;
}

Array plain(const Array& x) { return x.rank() == 5 ? kernel::from_blocked(x) : x; }

}  // namespace

TEST_CASE("the reference convolution is the definition") {
  Rng rng(1, "conv reference");
  for (const Case& c : cases()) {
    if (c.images > 9 || c.channels > 20) continue;
    INFO(name(c));
    const auto [x, w] = operands(c, rng);
    const Array y = kernel::reference::conv2d(x, w, c.how, c.blocked);
    CHECK((y.rank() == 5) == (c.blocked && c.filters % 16 == 0));
    CHECK(relative_error(plain(y), naive_conv2d(plain(x), w, c.how)) < naive::kTolerance);
  }
}

TEST_CASE("the fast convolution and its gradients are the reference ones") {
  Rng rng(2, "conv fast");
  for (const Case& c : cases()) {
    INFO(name(c));
    const auto [x, w] = operands(c, rng);
    const Array y = kernel::reference::conv2d(x, w, c.how, c.blocked);
    CHECK(relative_error(kernel::conv2d(x, w, c.how, c.blocked), y) < kFast);
    const Array g = random_array(y.shape(), rng);
    CHECK(relative_error(kernel::conv2d_input_grad(g, w, x.shape(), c.how),
                         kernel::reference::conv2d_input_grad(g, w, x.shape(), c.how)) < kFast);
    CHECK(relative_error(kernel::conv2d_weight_grad(x, g, w.shape(), c.how),
                         kernel::reference::conv2d_weight_grad(x, g, w.shape(), c.how)) < kFast);
  }
}

// oneDNN reads the variable once, so another process has to: this program, this file's main test.
TEST_CASE("convolutions are right on processors with AVX2 and with SSE4.1 only") {
  if (sizeof(Real) != sizeof(float)) return;  // oneDNN computes in float only
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  for (const std::string set : {"AVX2", "SSE41"}) {
    const std::string command = "ONEDNN_MAX_CPU_ISA=" + set + " '" + self +
                                "' -tc='the fast convolution and its gradients*' >/dev/null";
    CHECK_MESSAGE(std::system(command.c_str()) == 0, set);
  }
}

TEST_CASE("blocked images in or out say the same as plain ones") {
  Rng rng(3, "conv layouts");
  const Array x = random_array({5, 32, 6, 7}, rng), w = random_array({16, 32, 3, 3}, rng);
  const Array odd = random_array({5, 32, 3, 3}, rng);
  const kernel::Conv2d how{1, 1};
  const Array want = kernel::reference::conv2d(x, w, how, false);
  for (const Array& in : {x, kernel::to_blocked(x)}) {
    for (const bool blocked : {false, true}) {
      const Array y = kernel::conv2d(in, w, how, blocked);
      CHECK((y.rank() == 5) == blocked);
      CHECK(relative_error(plain(y), want) < kFast);
      const Array dx = kernel::conv2d_input_grad(y, w, in.shape(), how);
      CHECK(dx.shape() == in.shape());
      CHECK(relative_error(plain(dx),
                           kernel::reference::conv2d_input_grad(want, w, x.shape(), how)) < kFast);
      CHECK(relative_error(kernel::conv2d_weight_grad(in, y, w.shape(), how),
                           kernel::reference::conv2d_weight_grad(x, want, w.shape(), how)) < kFast);
    }
    CHECK(kernel::conv2d(in, odd, how, true).shape() == Shape{5, 5, 6, 7});
  }
}

TEST_CASE("convolution's gradients are its adjoints") {
  Rng rng(4, "conv adjoint");
  const double tolerance = sizeof(Real) == sizeof(float) ? 1e-5 : 1e-13;
  for (const Case& c : cases()) {
    INFO(name(c));
    const auto [x, w] = operands(c, rng);
    const Array y = kernel::conv2d(x, w, c.how, c.blocked);
    const Array g = random_array(y.shape(), rng);
    const double value = dot(y, g), scale = norm(y) * norm(g);
    CHECK(std::abs(dot(x, kernel::conv2d_input_grad(g, w, x.shape(), c.how)) - value) <
          tolerance * scale);
    CHECK(std::abs(dot(w, kernel::conv2d_weight_grad(x, g, w.shape(), c.how)) - value) <
          tolerance * scale);
  }
}

TEST_CASE("convolutions give the same bits at any thread count") {
  Rng rng(5, "conv threads");
  for (const Case& c :
       {Case{20, 64, 14, 14, 64, 3, {1, 1}, true}, Case{25, 64, 7, 7, 64, 3, {1, 1}, true},
        Case{40, 64, 3, 3, 64, 3, {1, 1}, true}, Case{30, 1, 28, 28, 64, 3, {1, 1}, true},
        Case{19, 5, 6, 6, 7, 3, {2, 1}, false}}) {
    INFO(name(c));
    const auto [x, w] = operands(c, rng);
    const Array g = random_array(kernel::conv2d(x, w, c.how, c.blocked).shape(), rng);
    CHECK(naive::same_on_threads(
        [&, &in = x, &by = w] { return kernel::conv2d(in, by, c.how, c.blocked); }));
    CHECK(naive::same_on_threads(
        [&, &in = x, &by = w] { return kernel::conv2d_input_grad(g, by, in.shape(), c.how); }));
    CHECK(naive::same_on_threads(
        [&, &in = x, &by = w] { return kernel::conv2d_weight_grad(in, g, by.shape(), c.how); }));
  }
}

TEST_CASE("a weight gradient made and run inside a parallel region is right") {
  Rng rng(6, "conv region");
  // Shapes of no other test, so that the primitives are made here.
  for (const std::size_t size : {5u, 15u}) {
    const Array x = random_array({11, 4, size, size, 16}, rng);
    const Array g = random_array({11, 4, size, size, 16}, rng);
    const Shape w_shape{64, 64, 3, 3};
    const Array want = kernel::reference::conv2d_weight_grad(x, g, w_shape, {});
    std::vector<Array> have(6);
    set_threads(2);
    kernel::parallel_for(have.size(), [&](std::size_t i) {
      have[i] = kernel::conv2d_weight_grad(x, g, w_shape, {});
    });
    set_threads(1);
    for (const Array& each : have) {
      CHECK(relative_error(each, want) < kFast);
      CHECK(same_bits(each, have[0]));
    }
  }
}

TEST_CASE("no image is no work") {
  const Array x({0, 16, 5, 5}), w = Array::full({16, 16, 3, 3}, 1);
  const Array y = kernel::conv2d(x, w, {}, true);
  CHECK(y.shape() == Shape{0, 1, 5, 5, 16});
  CHECK(kernel::conv2d_input_grad(y, w, x.shape(), {}).shape() == x.shape());
  CHECK(same_bits(kernel::conv2d_weight_grad(x, y, w.shape(), {}), Array::zeros(w.shape())));
}

TEST_CASE("convolution refuses operands that do not fit, naming them") {
  const Array x = Array::zeros({2, 3, 4, 4}), w = Array::zeros({5, 3, 3, 3});
  using kernel::conv2d;
  CHECK(contains(error_of([&] { conv2d(Array({2, 3}), w, {}, true); }), "(2,3)"));
  CHECK(contains(error_of([&] { conv2d(x, Array({5, 2, 3, 3}), {}, true); }), "(5,2,3,3)"));
  CHECK(contains(error_of([&] { conv2d(x, Array({5, 3, 9, 9}), {}, true); }), "kernel 9"));
  CHECK(contains(error_of([&] { conv2d(x, w, {0, 1}, true); }), "stride 0"));
  CHECK(contains(error_of([&] {
                   kernel::conv2d_input_grad(Array({2, 5, 3, 4}), w, x.shape(), {});
                 }),
                 "(2,5,3,4)"));
  CHECK(contains(error_of([&] {
                   kernel::conv2d_weight_grad(x, Array({1, 5, 4, 4}), w.shape(), {});
                 }),
                 "(1,5,4,4)"));
}
