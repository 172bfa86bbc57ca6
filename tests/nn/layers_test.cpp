#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "autograd/check.hpp"
#include "nn/conv_block.hpp"
#include "nn/dropout.hpp"
#include "nn/embedding.hpp"
#include "nn/initialise.hpp"
#include "nn/layer_norm.hpp"
#include "nn/linear.hpp"
#include "nn/pooling.hpp"
#include "nn/running_statistics.hpp"

namespace attune::test {

namespace {

constexpr double kTolerance = sizeof(Real) == 4 ? 1e-4 : 1e-10;

template <typename Layer>
Params made(const Layer& layer) {
  Params params;
  Rng rng(1, "init");
  layer.init(params, rng);
  return params;
}

Var values(const Shape& shape, std::uint64_t seed = 3) {
  Rng rng(seed, "values");
  return leaf(spread({shape}, -1, 1, rng)[0]);
}

double at(const Var& x, std::size_t i) { return static_cast<double>(x.value().data()[i]); }

double difference(const Var& a, const Var& b) {
  REQUIRE(a.shape() == b.shape());
  double worst = 0;
  for (std::size_t i = 0; i < a.shape().size(); ++i) {
    worst = std::max(worst, std::abs(at(a, i) - at(b, i)));
  }
  return worst;
}

Context in(Mode mode, BufferUpdates* updates = nullptr) {
  return {mode, Rng(5, "context"), updates, 0};
}

}  // namespace

TEST_CASE("initial weights lie within their bounds, with their variance") {
  Rng rng(1, "init");
  const auto variance = [](const Array& x) {
    double squares = 0;
    for (const Real v : x.values()) squares += static_cast<double>(v) * static_cast<double>(v);
    return squares / static_cast<double>(x.size());
  };
  const Array kaiming = kaiming_uniform({100, 100}, 24, rng);
  const auto inside = [](Real v) { return std::abs(v) <= Real(0.5); };
  CHECK(std::all_of(kaiming.values().begin(), kaiming.values().end(), inside));
  CHECK(variance(kaiming) == doctest::Approx(2.0 / 24).epsilon(0.05));
  CHECK(variance(glorot_uniform({100, 100}, 10, 30, rng)) ==
        doctest::Approx(2.0 / 40).epsilon(0.05));
  CHECK(variance(normal({100, 100}, 3, rng)) == doctest::Approx(9).epsilon(0.05));
}

TEST_CASE("a layer's first weights depend on the seed and its name, not on other layers") {
  const Linear a("a", 4, 3), b("b", 4, 3);
  Params both;
  Rng rng(1, "init");
  a.init(both, rng);
  b.init(both, rng);
  CHECK(difference(both["b.weight"], made(b)["b.weight"]) == 0);
  CHECK(difference(both["a.weight"], both["b.weight"]) > 0.01);
}

TEST_CASE("linear is x·W + b over the last axis") {
  const Linear layer("l", 2, 2);
  const Params params = made(layer).with(
      {constant(Array::of({2}, {10, 20})), constant(Array::of({2, 2}, {1, 2, 3, 4}))});
  Context context;
  const Var x = constant(Array::of({1, 2, 2}, {1, 1, 2, 0}));
  const Var y = layer.forward(params, x, context);
  CHECK(y.shape() == Shape{1, 2, 2});
  CHECK(at(y, 0) == 14);
  CHECK(at(y, 1) == 26);
  CHECK(at(y, 3) == 24);
  CHECK_FALSE(made(Linear("m", 2, 2, false)).has("m.bias"));
  for (const bool bias : {false, true}) {
    const Linear wide("w", 2, 5, bias);
    const Params weights = made(wide);
    CHECK(difference(wide.positive(weights, x, context), relu(wide.forward(weights, x, context))) ==
          0);
  }
}

TEST_CASE("convolution equals plain loops, in both layouts") {
  const Convolution plain("c", 2, 16, {.how = {.stride = 2, .pad = 1}});
  const Convolution blocked("c", 2, 16, {.how = {.stride = 2, .pad = 1}, .blocked = true});
  const Params first = made(plain);
  const Params params = first.with({values({16}), first["c.weight"]});
  Context context;
  const Var x = values({1, 2, 5, 4});
  const Var y = plain.forward(params, x, context);
  REQUIRE(y.shape() == Shape{1, 16, 3, 2});
  for (std::size_t o = 0; o < 16; ++o) {
    for (std::size_t place = 0; place < 6; ++place) {
      double want = at(params["c.bias"], o);
      for (std::size_t k = 0; k < 18; ++k) {
        const std::size_t c = k / 9, row = place / 2 * 2 + k % 9 / 3,
                          column = place % 2 * 2 + k % 3;
        if (row < 1 || row > 5 || column < 1 || column > 4) continue;
        want += at(params["c.weight"], o * 18 + k) * at(x, (c * 5 + row - 1) * 4 + column - 1);
      }
      CHECK(at(y, o * 6 + place) == doctest::Approx(want).epsilon(1e-4));
    }
  }
  CHECK(difference(from_blocked(blocked.forward(params, x, context)), y) < kTolerance);
}

TEST_CASE("batch_norm normalises by the batch in training and notes unbiased statistics") {
  const BatchNorm layer("n", 2);
  const Params params = made(layer);
  const Var x = constant(Array::of({2, 2}, {1, 10, 3, 30}));
  BufferUpdates updates;
  Context context = in(Mode::train, &updates);
  const Var y = layer.forward(params, x, context);
  CHECK(at(y, 0) == doctest::Approx(-1).epsilon(1e-4));
  CHECK(at(y, 3) == doctest::Approx(1).epsilon(1e-4));
  REQUIRE(updates.size() == 2);
  CHECK(updates.at("n.mean").data()[1] == 20);
  CHECK(updates.at("n.var").data()[0] == 2);
  CHECK(updates.at("n.var").data()[1] == 200);

  Params moved = params;
  apply_updates(moved, updates, 0.1);
  CHECK(static_cast<double>(moved.buffer("n.mean").data()[1]) == doctest::Approx(2));
  CHECK(static_cast<double>(moved.buffer("n.var").data()[1]) == doctest::Approx(20.9));
  CHECK(params.buffer("n.mean").data()[1] == 0);
  CHECK_THROWS_AS(apply_updates(moved, {{"m.mean", Array::zeros({2})}}, 0.1), Error);
}

TEST_CASE("batch_norm at evaluation sees one example at a time, transductive the batch") {
  const BatchNorm layer("n", 2);
  Params params = made(layer);
  params.set_buffer("n.mean", Array::of({2}, {1, 2}));
  params.set_buffer("n.var", Array::of({2}, {4, 9}));
  BufferUpdates updates;
  Context evaluate = in(Mode::evaluate, &updates);
  const Var x = constant(Array::of({2, 2}, {3, 5, 7, 8}));
  const Var all = layer.forward(params, x, evaluate);
  CHECK(at(all, 0) == doctest::Approx(1).epsilon(1e-4));
  CHECK(at(all, 3) == doctest::Approx(2).epsilon(1e-4));
  CHECK(difference(layer.forward(params, slice(x, 0, 1, 2), evaluate), slice(all, 0, 1, 2)) == 0);
  Context transductive = in(Mode::transductive, &updates);
  CHECK(at(layer.forward(params, x, transductive), 0) == doctest::Approx(-1).epsilon(1e-4));
  CHECK(updates.empty());
}

TEST_CASE("a blocked conv block equals its plain parts in every mode") {
  const ConvBlock block("b", 1, 16);
  Params params = made(block);
  params.set_buffer("b.norm.mean", Array::full({16}, Real(0.1)));
  for (const Mode mode : {Mode::train, Mode::evaluate, Mode::transductive}) {
    BufferUpdates fused, composed;
    Context context = in(mode, &fused);
    const Var x = values({3, 1, 6, 5});
    const Var y = block.forward(params, x, context);
    REQUIRE(y.shape() == Shape{3, 1, 3, 2, 16});
    Context again = in(mode, &composed);
    const Var conv = conv2d(x, params["b.conv.weight"], {}, false);
    const Var want = max_pool(relu(BatchNorm("b.norm", 16).forward(params, conv, again)), 2);
    CHECK(difference(from_blocked(y), want) < kTolerance);
    REQUIRE(fused.size() == composed.size());
    for (const auto& [name, value] : fused) {
      CHECK(difference(Var(value), Var(composed.at(name))) < kTolerance);
    }
  }
}

TEST_CASE("reference rows: they normalise all, and no other row changes a row") {
  // conv_norm_relu_pool of few channels, of a made convolution, and the plain form.
  const auto block = [](std::size_t in, std::size_t out) { return ConvBlock("b", in, out); };
  const std::vector<std::pair<ConvBlock, Shape>> kinds = {
      {block(1, 16), {6, 1, 6, 5}}, {block(16, 16), {6, 1, 6, 6, 16}}, {block(1, 4), {6, 1, 6, 6}}};
  for (const auto& [layer, shape] : kinds) {
    CAPTURE(shape.text());
    const Params params = made(layer);
    const Var x = values(shape).detach();
    for (const Mode mode : {Mode::train, Mode::transductive}) {
      BufferUpdates updates;
      Context alone = in(mode), context = in(mode, &updates);
      context.reference_rows = 3;
      const Var own = layer.forward(params, slice(x, 0, 0, 3), alone);
      const Var all = layer.forward(params, x, context);
      CHECK(difference(slice(all, 0, 0, 3), own) < kTolerance);
      const Var less =
          layer.forward(params, concat({slice(x, 0, 0, 3), slice(x, 0, 4, 5)}, 0), context);
      CHECK(difference(slice(less, 0, 3, 4), slice(all, 0, 4, 5)) < kTolerance);
      const Var whole = layer.forward(params, x, alone);
      CHECK(difference(slice(whole, 0, 0, 3), own) > 0.01);
      CHECK(updates.empty());
    }
    Context evaluate = in(Mode::evaluate), with_rows = in(Mode::evaluate);
    with_rows.reference_rows = 3;
    CHECK(difference(layer.forward(params, x, with_rows), layer.forward(params, x, evaluate)) == 0);
  }
}

TEST_CASE("a conv block of other widths is plain, also after a blocked one") {
  const ConvBlock first("a", 1, 16), second("b", 16, 4);
  Params params = made(first);
  Rng rng(1, "init");
  second.init(params, rng);
  Context context = in(Mode::train);
  const Var y =
      second.forward(params, first.forward(params, values({2, 1, 8, 8}), context), context);
  CHECK(y.shape() == Shape{2, 4, 2, 2});
}

TEST_CASE("layer_norm gives rows of mean 0 and variance 1, then scales and shifts") {
  const LayerNorm layer("n", 5);
  const Params params = made(layer);
  Context context;
  const Var x = values({2, 3, 5});
  const Var y = layer.forward(params, x, context);
  for (std::size_t row = 0; row < 6; ++row) {
    double total = 0, squares = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      total += at(y, row * 5 + i);
      squares += at(y, row * 5 + i) * at(y, row * 5 + i);
    }
    CHECK(total == doctest::Approx(0).epsilon(1e-5));
    CHECK(squares / 5 == doctest::Approx(1).epsilon(1e-3));
  }
  const Params other = params.with({constant(Array::full({5}, 3)), constant(Array::full({5}, 2))});
  CHECK(difference(layer.forward(other, x, context), y * Real(2) + Real(3)) < kTolerance);
}

TEST_CASE("dropout zeroes at its rate in training and scales the rest") {
  const Dropout layer(0.25);
  const Params params;
  const Var x = constant(Array::full({100, 100}, 3));
  Context evaluate = in(Mode::evaluate);
  CHECK(difference(layer.forward(params, x, evaluate), x) == 0);
  Context train = in(Mode::train), same = in(Mode::train);
  const Var y = layer.forward(params, x, train);
  CHECK(difference(layer.forward(params, x, same), y) == 0);
  CHECK(difference(layer.forward(params, x, train), y) > 1);
  const auto zeros = std::count(y.value().values().begin(), y.value().values().end(), Real(0));
  CHECK(static_cast<double>(zeros) / 1e4 == doctest::Approx(0.25).epsilon(0.05));
  CHECK(static_cast<double>(kernel::max_last(y.value()).data()[0]) == doctest::Approx(4));
  CHECK_THROWS_AS(Dropout(1), UsageError);
  CHECK_THROWS_AS(Dropout(-0.1), UsageError);
}

TEST_CASE("embedding looks rows up; padding is 0 and learns nothing") {
  const Embedding plain("e", 4, 3);
  const Params params = made(plain);
  const Var y = plain.forward(params, {2, 0, 2});
  CHECK(y.shape() == Shape{3, 3});
  CHECK(at(y, 1) == at(params["e.weight"], 7));
  CHECK(at(y, 7) == at(y, 1));
  const Embedding padded("e", 4, 3, 2);
  const Params with_padding = made(padded);
  const Var& weight = with_padding["e.weight"];
  CHECK(at(padded.forward(with_padding, {2, 0}), 1) == 0);
  CHECK(at(padded.forward(params, {2, 0}), 1) == 0);
  const Var g = grad(sum(padded.forward(with_padding, {2, 0})), {weight})[0];
  CHECK(at(g, 0) == 1);
  CHECK(at(g, 7) == 0);
  CHECK_THROWS_AS(plain.forward(params, {4}), Error);
  CHECK_THROWS_AS(Embedding("e", 4, 3, 4), Error);
}

TEST_CASE("pooling works on both layouts") {
  const Params none;
  Context context;
  const Var x = values({2, 32, 4, 5});
  const Var blocked = to_blocked(x);
  const auto same = [&](const Module& layer) {
    const Var y = layer.forward(none, blocked, context);
    const Var plain = y.shape().rank() == 5 ? from_blocked(y) : y;
    CHECK(difference(plain, layer.forward(none, x, context)) < kTolerance);
    return plain;
  };
  CHECK(same(MaxPool(2)).shape() == Shape{2, 32, 2, 2});
  CHECK(same(AveragePool(2)).shape() == Shape{2, 32, 2, 2});
  const Var global = same(GlobalAveragePool());
  CHECK(global.shape() == Shape{2, 32});
  double total = 0;
  for (std::size_t i = 0; i < 20; ++i) total += at(x, 20 + i);
  CHECK(at(global, 1) == doctest::Approx(total / 20).epsilon(1e-4));
}

}  // namespace attune::test
