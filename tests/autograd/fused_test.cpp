#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "autograd/check.hpp"
#include "autograd/op_cases.hpp"

namespace attune::test {

namespace {

constexpr double kTolerance = sizeof(Real) == 4 ? 2e-4 : 1e-10;

// Largest difference relative to the largest value or to 1.
double difference(const Var& have, const Var& want) {
  REQUIRE(have.shape() == want.shape());
  double worst = 0;
  double scale = 1;
  for (std::size_t i = 0; i < want.shape().size(); ++i) {
    const double h = static_cast<double>(have.value().data()[i]);
    const double w = static_cast<double>(want.value().data()[i]);
    worst = std::isfinite(h) ? std::max(worst, std::abs(h - w)) : HUGE_VAL;
    scale = std::max(scale, std::abs(w));
  }
  return worst / scale;
}

Vars leaves(const std::vector<Array>& values) {
  Vars result;
  for (const Array& value : values) result.push_back(leaf(value));
  return result;
}

// softmax and its kin, written out.
Var plain_softmax(const Var& x) {
  const Var e = exp(x);
  return e / sum(e, {x.shape().rank() - 1}, true);
}

void check_same_bits(const Vars& have, const Vars& want) {
  REQUIRE(have.size() == want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    const Array &a = have[i].value(), &b = want[i].value();
    REQUIRE(a.shape() == b.shape());
    CHECK(std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0);
  }
}

}  // namespace

TEST_CASE("fused gradients equal the composed ones that create_graph runs") {
  std::uint64_t number = 0;
  for (const OpCase& one : op_cases()) {
    Rng rng(11, "fused", number++);
    const Vars xs = leaves(spread(one.shapes, one.low, one.high, rng));
    const Var y = one.f(xs);
    const Var weights = constant(spread({y.shape()}, -1, 1, rng)[0]);
    const Var loss = sum(y * weights);
    const Vars fused = grad(loss, xs);
    const Vars composed = grad(loss, xs, true);
    INFO(one.declaration, " ", one.variant);
    for (std::size_t i = 0; i < xs.size(); ++i) {
      CHECK(difference(fused[i], composed[i]) < kTolerance);
    }
  }
}

TEST_CASE("softmax, log_softmax and logsumexp equal their definitions") {
  Rng rng(3, "softmax");
  const Var x = leaf(spread({{4, 6}}, -3, 3, rng)[0]);
  CHECK(difference(softmax(x), plain_softmax(x)) < kTolerance);
  CHECK(difference(log_softmax(x), log(plain_softmax(x))) < kTolerance);
  CHECK(difference(logsumexp(x), log(sum(exp(x), {1}, true))) < kTolerance);
  const Var far = x + Real(500);  // exp alone would overflow in float
  CHECK(difference(softmax(far), softmax(x)) < kTolerance * 10);
  CHECK(difference(logsumexp(far), logsumexp(x) + Real(500)) < kTolerance);
}

TEST_CASE("layer_norm and affine have the bits of the ops that they are composed of") {
  const auto plain_norm = [](const Var& x, const Var& gamma, const Var& beta) {
    const std::vector<std::size_t> last{x.shape().rank() - 1};
    const Var centred = x - mean(x, last, true);
    const Var variance = mean(square(centred), last, true);
    return centred * (constant(Real(1)) / sqrt(variance + Real(1e-5))) * gamma + beta;
  };
  Rng rng(7, "bits");
  for (const std::size_t rows : {1u, 3u, 700u}) {
    const Vars v = leaves(spread({{2, rows, 37}, {37}, {37}, {37, 37}}, -2, 2, rng));
    const Var weights = constant(spread({{2, rows, 37}}, -1, 1, rng)[0]);
    // As in a transformer: what is normalised passes by as well.
    const auto check = [&](const Var& fused, const Var& plain) {
      check_same_bits({fused}, {plain});
      check_same_bits(grad(sum((fused + v[0]) * weights), v),
                      grad(sum((plain + v[0]) * weights), v));
    };
    check(layer_norm(v[0], v[1], v[2], Real(1e-5)), plain_norm(v[0], v[1], v[2]));
    check(affine(v[0], v[3], v[2]), matmul(v[0], v[3]) + v[2]);
    check(affine(v[0], v[3], v[2], true), relu(matmul(v[0], v[3]) + v[2]));
  }
}

TEST_CASE("the gradient of softmax has the bits of the ops that it is composed of") {
  Rng rng(8, "bits");
  for (const std::size_t columns : {1u, 2u, 37u, 300u}) {
    const Vars v = leaves(spread({{60, columns}, {60, columns}}, -3, 3, rng));
    const Var loss = sum(softmax(v[0]) * v[1]);
    check_same_bits(grad(loss, {v[0]}), grad(loss, {v[0]}, true));
  }
}

TEST_CASE("norm_relu_pool equals batch_norm, relu and max_pool on plain images") {
  Rng rng(5, "norm");
  for (const bool fixed : {false, true}) {
    for (const std::size_t pool : {1, 2}) {
      const Vars v = leaves(spread({{3, 32, 5, 4}, {32}, {32}}, -1.5, 1.5, rng));
      const kernel::NormStats given = fixed_stats(32);
      const kernel::NormStats* stats = fixed ? &given : nullptr;
      const Real eps = Real(1e-3);
      kernel::NormStats used_fused, used_plain;
      const Var fused =
          from_blocked(norm_relu_pool(to_blocked(v[0]), v[1], v[2], eps, pool, stats, &used_fused));
      Var plain = relu(batch_norm(v[0], v[1], v[2], eps, 1, stats, &used_plain));
      if (pool > 1) plain = max_pool(plain, pool);
      CHECK(difference(fused, plain) < kTolerance);
      CHECK(difference(Var(used_fused.mean), Var(used_plain.mean)) < kTolerance);
      CHECK(difference(Var(used_fused.var), Var(used_plain.var)) < kTolerance);
      const Vars g_fused = grad(sum(square(fused)), v);
      const Vars g_plain = grad(sum(square(plain)), v);
      for (std::size_t i = 0; i < v.size(); ++i) {
        CHECK(difference(g_fused[i], g_plain[i]) < kTolerance);
      }
    }
  }
}

TEST_CASE("the gradient of norm_relu_pool is that of its own inputs, not of what they share") {
  // gamma reaches the image as well: its two parts add up, each once.
  Rng rng(5, "shared");
  const std::vector<Array> at = spread({{1, 1, 3, 3, 16}, {16}, {16}}, 0.5, 1.5, rng);
  const Vars v = leaves(at);
  const auto f = [&](const Var& gamma_in_image, const Var& gamma) {
    const Var x = v[0] * reshape(gamma_in_image, {1, 1, 1, 1, 16}) * v[0];
    return sum(square(norm_relu_pool(x, gamma, v[2], Real(1e-3), 1, nullptr, nullptr)));
  };
  const Var one = leaf(at[1]);
  const Var two = leaf(at[1]);
  const Vars apart = grad(f(one, two), {one, two}, true);
  const Var together = grad(f(v[1], v[1]), {v[1]}, true)[0];
  CHECK(difference(together, apart[0] + apart[1]) < kTolerance);
}

TEST_CASE("cross_entropy and nll equal their definitions and want one label per row") {
  const Var logits = leaf(Array::of({2, 3}, {1, 2, 3, 0, 0, 0}));
  const double first = std::log(std::exp(-2.0) + std::exp(-1.0) + 1);
  CHECK(static_cast<double>(cross_entropy(logits, {2, 0}).value().item()) ==
        doctest::Approx((first + std::log(3.0)) / 2));
  const Var p = leaf(Array::of({2, 2}, {1, 0, Real(0.25), Real(0.75)}));
  const double want = -(std::log(0.05) + std::log(0.9 * 0.75 + 0.05)) / 2;
  CHECK(static_cast<double>(nll(p, {1, 1}, Real(0.1)).value().item()) == doctest::Approx(want));
  CHECK_THROWS_AS(cross_entropy(logits, {1, 2, 0, 1}), Error);
  CHECK_THROWS_AS(nll(p, {1}, 0), Error);
}

}  // namespace attune::test
