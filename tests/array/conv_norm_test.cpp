#include <doctest/doctest.h>

#include "array/kernels.hpp"
#include "array/naive.hpp"

using namespace attune;
using kernel::NormStats;
using naive::contains;
using naive::error_of;

namespace {

constexpr Real kEps = static_cast<Real>(1e-5);
constexpr double kClose = sizeof(Real) == sizeof(float) ? 1e-5 : 1e-12;

struct Case {
  Shape x, w;
  kernel::Conv2d how;
  std::size_t pool;
};

const std::vector<Case> kCases{{{20, 1, 28, 28}, {64, 1, 3, 3}, {1, 1}, 2},
                               {{1, 1, 6, 5}, {16, 1, 3, 3}, {1, 2}, 1},
                               {{9, 3, 7, 7}, {32, 3, 3, 3}, {1, 0}, 2},
                               {{17, 1, 9, 8}, {16, 1, 5, 5}, {2, 1}, 3},
                               {{8, 2, 4, 4}, {48, 2, 1, 1}, {1, 0}, 2}};

struct Inputs {
  Array x, w, gamma, beta, y;

  Inputs(const Case& c, Rng& rng)
      : x(random_array(c.x, rng)),
        w(random_array(c.w, rng)),
        gamma(random_array({c.w[0]}, rng)),
        beta(random_array({c.w[0]}, rng)),
        y(kernel::conv2d(x, w, c.how, true)) {}
};

}  // namespace

TEST_CASE("a convolution made piece by piece is normalised and pooled like the whole") {
  Rng rng(1, "conv norm");
  for (const Case& c : kCases) {
    INFO(c.x.text() << " with " << c.w.text());
    REQUIRE(kernel::remakes_convolution(c.x, c.w));
    const Inputs in(c, rng);
    const NormStats want_stats = kernel::channel_stats(in.y);
    const NormStats stats = kernel::conv_channel_stats(in.x, in.w, c.how);
    CHECK(naive::close(stats.mean, want_stats.mean, kClose));
    CHECK(naive::close(stats.var, want_stats.var, kClose));
    Array want_winners, winners;
    const Array want =
        kernel::norm_relu_pool(in.y, want_stats, in.gamma, in.beta, kEps, c.pool, &want_winners);
    const Array have = kernel::conv_norm_relu_pool(in.x, in.w, c.how, want_stats, in.gamma, in.beta,
                                                   kEps, c.pool, &winners);
    CHECK(naive::close(have, want, kClose));
    CHECK(naive::close(winners, want_winners, kClose));
    const Array g = random_array(want.shape(), rng);
    for (const bool batch_stats : {false, true}) {
      const kernel::NormGrads whole = kernel::norm_relu_pool_grad(
          g, in.y, want_winners, want_stats, in.gamma, in.beta, kEps, c.pool, batch_stats);
      const kernel::ConvNormGrads pieces = kernel::conv_norm_relu_pool_grad(
          g, in.x, in.w, c.how, winners, want_stats, in.gamma, in.beta, kEps, c.pool, batch_stats);
      const Array want_w = kernel::conv2d_weight_grad(in.x, whole.x, c.w, c.how);
      CHECK(naive::close(pieces.w, want_w, 20 * kClose));
      CHECK(naive::close(pieces.gamma, whole.gamma, kClose));
      CHECK(naive::close(pieces.beta, whole.beta, kClose));
    }
  }
}

TEST_CASE("a convolution made piece by piece gives the same bits at any thread count") {
  Rng rng(2, "conv norm threads");
  for (const Case& c : kCases) {
    INFO(c.x.text() << " with " << c.w.text());
    const Inputs in(c, rng);
    const NormStats stats = kernel::channel_stats(in.y);
    Array winners;
    const auto forward = [&] {
      return kernel::conv_norm_relu_pool(in.x, in.w, c.how, stats, in.gamma, in.beta, kEps, c.pool,
                                         &winners);
    };
    const Array g = random_array(forward().shape(), rng);
    CHECK(
        naive::same_on_threads([&] { return kernel::conv_channel_stats(in.x, in.w, c.how).var; }));
    CHECK(naive::same_on_threads(forward));
    CHECK(naive::same_on_threads([&] {
      return kernel::conv_norm_relu_pool_grad(g, in.x, in.w, c.how, winners, stats, in.gamma,
                                              in.beta, kEps, c.pool, true)
          .w;
    }));
  }
}

TEST_CASE("only plain images with few taps and channels in blocks are made piece by piece") {
  CHECK(!kernel::remakes_convolution({2, 4, 5, 5}, {16, 4, 3, 3}));
  CHECK(!kernel::remakes_convolution({2, 1, 5, 5}, {20, 1, 3, 3}));
  CHECK(!kernel::remakes_convolution({2, 1, 5, 5, 16}, {16, 16, 1, 1}));
  CHECK(!kernel::remakes_convolution({0, 1, 5, 5}, {16, 1, 3, 3}));
}

TEST_CASE("the kernels of a convolution and its norm refuse what does not fit") {
  const Array x = Array::zeros({2, 1, 4, 4}), w = Array::zeros({16, 1, 3, 3});
  const Array c = Array::full({16}, 1), pooled = Array::zeros({2, 1, 2, 2, 16});
  const NormStats stats{c, c};
  CHECK(contains(error_of([&] {
                   kernel::conv_channel_stats(x, Array({16, 2, 3, 3}), {});
                 }),
                 "(16,2,3,3)"));
  CHECK(contains(error_of([&] { kernel::conv_norm_relu_pool(x, w, {}, stats, c, c, kEps, 5); }),
                 "have 5"));
  CHECK(contains(error_of([&] {
                   kernel::conv_norm_relu_pool_grad(x, x, w, {}, pooled, stats, c, c, kEps, 2,
                                                    true);
                 }),
                 "a gradient"));
  CHECK(contains(error_of([&] {
                   kernel::conv_norm_relu_pool_grad(pooled, x, w, {}, x, stats, c, c, kEps, 2,
                                                    true);
                 }),
                 "winners"));
}
