#include <doctest/doctest.h>

#include <limits>
#include <tuple>

#include "array/kernels.hpp"
#include "array/naive.hpp"
#include "array/norm_planes.hpp"

using namespace attune;
using kernel::NormGrads;
using kernel::NormStats;
using naive::contains;
using naive::error_of;
using naive::same_bits;

namespace {

constexpr Real kEps = static_cast<Real>(1e-5);

struct Case {
  Shape shape;
  std::size_t pool;
};

const std::vector<Case> kCases{{{2, 1, 4, 4, 16}, 2}, {{3, 2, 7, 7, 16}, 2},  {{5, 4, 3, 3, 16}, 2},
                               {{4, 1, 5, 6, 16}, 1}, {{2, 2, 7, 10, 16}, 3}, {{1, 1, 2, 2, 16}, 2},
                               {{9, 1, 1, 1, 16}, 1}, {{3, 1, 28, 28, 16}, 2}};

std::size_t channels(const Shape& shape) { return shape[1] * 16; }

// (C) → (C/16,1,1,16), which stretches over blocked images.
Array per_channel(const Array& v) { return v.reshaped({v.dim(0) / 16, 1, 1, 16}); }

Array channel_sum(const Array& x) {
  const std::array<std::size_t, 3> over{0, 2, 3};
  return kernel::sum(x, over, false).reshaped({channels(x.shape())});
}

// The composed form from simple kernels, with what its gradient needs.
struct Composed {
  Array centred, hat, z, y;
  Indices positions;

  Composed(const Array& x, const NormStats& stats, const Array& gamma, const Array& beta,
           std::size_t pool) {
    centred = kernel::sub(x, per_channel(stats.mean));
    hat = kernel::div(centred, deviation(stats));
    z = kernel::add(kernel::mul(hat, per_channel(gamma)), per_channel(beta));
    auto [best, where] = kernel::max_pool(kernel::relu(z), pool);
    y = std::move(best);
    positions = std::move(where);
  }
  static Array deviation(const NormStats& stats) {
    return per_channel(kernel::sqrt(kernel::shift(stats.var, kEps)));
  }
  NormGrads gradients(const Array& g, const NormStats& stats, const Array& gamma,
                      bool batch_stats) const {
    const Array back =
        kernel::mul(kernel::unpick(g, positions, z.shape()), kernel::greater(z, Array::scalar(0)));
    NormGrads grads{back, channel_sum(kernel::mul(back, hat)), channel_sum(back)};
    if (batch_stats) {
      const Real count = static_cast<Real>(z.size() / gamma.size());
      const Array mean = kernel::scale(per_channel(grads.beta), 1 / count);
      const Array product = kernel::scale(per_channel(grads.gamma), 1 / count);
      grads.x = kernel::sub(kernel::sub(back, mean), kernel::mul(hat, product));
    }
    grads.x = kernel::mul(grads.x, kernel::div(per_channel(gamma), deviation(stats)));
    return grads;
  }
};

struct Inputs {
  Array x, gamma, beta, g;
};

Inputs inputs(const Case& c, Rng& rng) {
  const Shape per{channels(c.shape)};
  return {
      random_array(c.shape, rng, 2), random_array(per, rng), random_array(per, rng),
      random_array({c.shape[0], c.shape[1], c.shape[2] / c.pool, c.shape[3] / c.pool, 16}, rng)};
}

// The gradient after the forward pass that it needs.
NormGrads gradients(const Array& g, const Array& x, const NormStats& stats, const Array& gamma,
                    const Array& beta, Real eps, std::size_t pool, bool batch_stats) {
  Array winners;
  kernel::norm_relu_pool(x, stats, gamma, beta, eps, pool, &winners);
  return kernel::norm_relu_pool_grad(g, x, winners, stats, gamma, beta, eps, pool, batch_stats);
}

double distance(const Array& a, const Array& b) {
  REQUIRE(a.shape() == b.shape());
  double sum = 0, scale = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i]);
    sum += d * d;
    scale += static_cast<double>(b.data()[i]) * static_cast<double>(b.data()[i]);
  }
  return std::sqrt(sum / (scale + 1e-300));
}

constexpr double kClose = sizeof(Real) == sizeof(float) ? 2e-6 : 1e-13;

}  // namespace

TEST_CASE("channel statistics are the mean and the biased variance") {
  Rng rng(1, "stats");
  for (const Case& c : kCases) {
    for (const double offset : {0.0, 1000.0}) {
      INFO(c.shape.text() << " offset " << offset);
      const Array x = kernel::shift(random_array(c.shape, rng, 3), static_cast<Real>(offset));
      const auto [mean, var] = kernel::channel_stats(x);
      const Array flat = kernel::from_blocked(x);
      Array want_mean(mean.shape()), want_var(var.shape());
      const std::size_t plane = flat.dim(2) * flat.dim(3);
      for (std::size_t k = 0; k < mean.size(); ++k) {
        const auto moment = [&](const auto& term) {
          double sum = 0;
          for (std::size_t i = 0; i < flat.dim(0) * plane; ++i) {
            sum += term(static_cast<double>(
                flat.data()[(i / plane * mean.size() + k) * plane + i % plane]));
          }
          return sum / static_cast<double>(flat.dim(0) * plane);
        };
        const double centre = moment([](double v) { return v; });
        want_mean.mutable_data()[k] = static_cast<Real>(centre);
        want_var.mutable_data()[k] =
            static_cast<Real>(moment([&](double v) { return (v - centre) * (v - centre); }));
      }
      CHECK(naive::close(mean, want_mean, kClose));
      CHECK(naive::close(var, want_var, kClose));
    }
  }
}

TEST_CASE("a constant channel has its value as mean and no variance at all") {
  for (const double value : {0.0, 0.1, -1234.567, 1e-30, 1e30}) {
    const Array x = Array::full({7, 2, 5, 3, 16}, static_cast<Real>(value));
    const auto [mean, var] = kernel::channel_stats(x);
    CHECK(same_bits(mean, Array::full({32}, static_cast<Real>(value))));
    CHECK(same_bits(var, Array::zeros({32})));
  }
}

TEST_CASE("the fused kernel and its gradient are those of the composed form") {
  Rng rng(2, "fused");
  for (const Case& c : kCases) {
    const auto [x, gamma, beta, g] = inputs(c, rng);
    const NormStats stats = kernel::channel_stats(x);
    const Composed composed(x, stats, gamma, beta, c.pool);
    INFO(c.shape.text() << " pool " << c.pool);
    CHECK(distance(kernel::norm_relu_pool(x, stats, gamma, beta, kEps, c.pool), composed.y) <
          kClose);
    for (const bool batch_stats : {false, true}) {
      INFO("batch_stats " << batch_stats);
      const NormGrads have = gradients(g, x, stats, gamma, beta, kEps, c.pool, batch_stats);
      const NormGrads want = composed.gradients(g, stats, gamma, batch_stats);
      CHECK(distance(have.x, want.x) < 10 * kClose);
      CHECK(distance(have.gamma, want.gamma) < 10 * kClose);
      CHECK(distance(have.beta, want.beta) < 10 * kClose);
    }
  }
}

// Ties within windows and values that are 0 before the rectifier, all exact in either precision.
TEST_CASE("the fused kernel breaks ties as max_pool does and stops gradients at 0") {
  Rng rng(3, "fused ties");
  for (const Case& c : kCases) {
    auto [x, gamma, beta, g] = inputs(c, rng);
    for (std::size_t i = 0; i < x.size(); ++i) {
      x.mutable_data()[i] = static_cast<Real>(rng.below(5)) - 2;
    }
    const Shape per{channels(c.shape)};
    const NormStats stats{Array::full(per, 1), Array::full(per, 1)};
    gamma = Array::full(per, 1);
    beta = Array::zeros(per);
    const Composed composed(x, stats, gamma, beta, c.pool);
    INFO(c.shape.text() << " pool " << c.pool);
    const Array y = kernel::norm_relu_pool(x, stats, gamma, beta, 0, c.pool);
    CHECK(naive::close(y, composed.y, 1e-4));
    const NormGrads have = gradients(g, x, stats, gamma, beta, 0, c.pool, false);
    CHECK(same_bits(kernel::equal(have.x, Array::scalar(0)),
                    kernel::equal(kernel::mul(kernel::unpick(g, composed.positions, x.shape()),
                                              kernel::greater(composed.z, Array::scalar(0))),
                                  Array::scalar(0))));
  }
}

TEST_CASE("the fused gradient is the slope of the loss") {
  if (sizeof(Real) == sizeof(float)) return;  // differences need the digits of double
  Rng rng(4, "fused slope");
  for (const Case& c : kCases) {
    const auto [x, gamma, beta, g] = inputs(c, rng);
    const auto loss = [&, pool = c.pool, &upstream = g](const Array& at, const Array& by,
                                                        const Array& to) {
      const Array y = kernel::norm_relu_pool(at, kernel::channel_stats(at), by, to, kEps, pool);
      return static_cast<double>(kernel::sum_all(kernel::mul(y, upstream)).item());
    };
    const NormGrads grads =
        gradients(g, x, kernel::channel_stats(x), gamma, beta, kEps, c.pool, true);
    const auto along = [&](const Array& grad, const Array& step) {
      return static_cast<double>(kernel::sum_all(kernel::mul(grad, step)).item());
    };
    const Real h = static_cast<Real>(1e-7);
    const Array dx = random_array(x.shape(), rng), dc = random_array(gamma.shape(), rng);
    const auto moved = [&](const Array& from, const Array& step, Real by) {
      return kernel::add(from, kernel::scale(step, by));
    };
    INFO(c.shape.text() << " pool " << c.pool);
    const double scale = 1e-5 * static_cast<double>(x.size());
    CHECK(std::abs((loss(moved(x, dx, h), gamma, beta) - loss(moved(x, dx, -h), gamma, beta)) /
                       (2 * static_cast<double>(h)) -
                   along(grads.x, dx)) < scale);
    CHECK(std::abs((loss(x, moved(gamma, dc, h), beta) - loss(x, moved(gamma, dc, -h), beta)) /
                       (2 * static_cast<double>(h)) -
                   along(grads.gamma, dc)) < scale);
    CHECK(std::abs((loss(x, gamma, moved(beta, dc, h)) - loss(x, gamma, moved(beta, dc, -h))) /
                       (2 * static_cast<double>(h)) -
                   along(grads.beta, dc)) < scale);
  }
}

TEST_CASE("a constant channel gives the offset and finite gradients") {
  const Array x = Array::full({3, 1, 4, 4, 16}, 7), gamma = Array::full({16}, 2);
  const Array beta = Array::full({16}, static_cast<Real>(0.5));
  const NormStats stats = kernel::channel_stats(x);
  const Array y = kernel::norm_relu_pool(x, stats, gamma, beta, kEps, 2);
  CHECK(same_bits(y, Array::full({3, 1, 2, 2, 16}, static_cast<Real>(0.5))));
  const NormGrads grads =
      gradients(Array::full(y.shape(), 1), x, stats, gamma, beta, kEps, 2, true);
  CHECK(kernel::all_finite(grads.x));
  CHECK(same_bits(grads.gamma, Array::zeros({16})));
  CHECK(same_bits(grads.beta, Array::full({16}, 12)));
}

TEST_CASE("the fused kernel keeps NaN") {
  for (const std::size_t place : {0u, 16u, 64u, 80u}) {
    Array x = Array::zeros({1, 1, 4, 4, 16});
    x.mutable_data()[place] = std::numeric_limits<Real>::quiet_NaN();
    const Array one = Array::full({16}, 1);
    const NormStats fixed{Array::zeros({16}), one};
    CHECK(std::isnan(kernel::norm_relu_pool(x, fixed, one, one, kEps, 2).data()[0]));
    const NormStats own = kernel::channel_stats(x);
    CHECK(std::isnan(own.mean.data()[0]));
    CHECK(std::isnan(kernel::norm_relu_pool(x, own, one, one, kEps, 2).data()[0]));
    CHECK(kernel::norm_relu_pool(x, own, one, one, kEps, 2).data()[1] == 1);
  }
}

TEST_CASE("the fused kernels give the same bits at any thread count") {
  Rng rng(5, "fused threads");
  const Case c{{23, 4, 14, 14, 16}, 2};
  const auto [x, gamma, beta, g] = inputs(c, rng);
  const NormStats stats = kernel::channel_stats(x);
  const auto grads = [&, &a = x, &b = gamma, &d = beta, &e = g] {
    return gradients(e, a, stats, b, d, kEps, 2, true);
  };
  CHECK(naive::same_on_threads([&, &a = x] { return kernel::channel_stats(a).mean; }));
  CHECK(naive::same_on_threads([&, &a = x] { return kernel::channel_stats(a).var; }));
  CHECK(naive::same_on_threads([&, &a = x, &b = gamma, &d = beta] {
    return kernel::norm_relu_pool(a, stats, b, d, kEps, 2);
  }));
  CHECK(naive::same_on_threads([&] { return grads().x; }));
  CHECK(naive::same_on_threads([&] { return grads().gamma; }));
  CHECK(naive::same_on_threads([&] { return grads().beta; }));
}

TEST_CASE("the loops compiled for each processor give the same bits") {
  Rng rng(6, "fused processors");
  const auto all = kernel::plane_kernels();
  CHECK(std::string(all.back().name) == "plainest");
  for (const Case& c : kCases) {
    const auto [x, gamma, beta, g] = inputs(c, rng);
    const Array mean = random_array(gamma.shape(), rng), factor = random_array(gamma.shape(), rng);
    const kernel::Plane plane{c.shape[2], c.shape[3], c.pool};
    const kernel::Affine by{mean.data(), gamma.data(), beta.data()};
    const kernel::Feedback back{beta.data(), factor.data()};
    const auto run = [&, &in = x, &up = g](const kernel::PlaneKernels& kernels) {
      std::vector<double> sums(64);
      kernels.moments(in.data(), plane.size() / 16, &sums[0], &sums[16]);
      Array y({plane.pooled_size()}), winners({plane.pooled_size()}), dx({plane.size()});
      kernels.forward(plane, in.data(), by, y.mutable_data(), winners.mutable_data());
      kernels.gradient_sums({plane.rows(), plane.columns(), 1}, up.data(), winners.data(), by,
                            &sums[32], &sums[48]);
      kernels.backward(plane, up.data(), winners.data(), in.data(), by, back, dx.mutable_data());
      return std::tuple(sums, y, winners, dx);
    };
    const auto [sums, y, winners, dx] = run(all[0]);
    for (const kernel::PlaneKernels& kernels : all.subspan(1)) {
      INFO(kernels.name << " " << c.shape.text());
      const auto [other_sums, other_y, other_winners, other_dx] = run(kernels);
      CHECK(other_sums == sums);
      CHECK(same_bits(other_y, y));
      CHECK(same_bits(other_winners, winners));
      CHECK(same_bits(other_dx, dx));
    }
  }
}

TEST_CASE("the fused kernels refuse what does not fit") {
  const Array x = Array::zeros({2, 1, 4, 4, 16}), c = Array::full({16}, 1);
  const NormStats stats{c, c};
  CHECK(contains(error_of([&] { kernel::channel_stats(Array({2, 16, 4, 4})); }), "(2,16,4,4)"));
  CHECK(contains(error_of([&] {
                   kernel::channel_stats(Array({0, 1, 4, 4, 16}));
                 }),
                 "(0,1,4,4,16)"));
  CHECK(
      contains(error_of([&] { kernel::norm_relu_pool(x, stats, Array({3}), c, kEps, 2); }), "(3)"));
  CHECK(contains(error_of([&] { kernel::norm_relu_pool(x, stats, c, c, kEps, 5); }), "have 5"));
  CHECK(contains(error_of([&] { gradients(x, x, stats, c, c, kEps, 2, true); }), "(2,1,4,4,16)"));
  CHECK(contains(
      error_of([&] {
        kernel::norm_relu_pool_grad(Array({2, 1, 2, 2, 16}), x, x, stats, c, c, kEps, 2, true);
      }),
      "winners"));
}
