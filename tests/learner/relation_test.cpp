#include <doctest/doctest.h>

#include <cmath>

#include "learner/few_shot.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 1e-3;
const Indices kLabels{0, 1, 2, 2, 1, 0};

std::string config_of(std::size_t filters, std::size_t blocks, const std::string& more = "") {
  return "{\"kind\": \"relation\"" + more +
         ", \"encoder\": {\"kind\": \"conv4\", \"filters\": " + std::to_string(filters) +
         ", \"blocks\": " + std::to_string(blocks) + "}}";
}

Array row(const Array& x, std::size_t i) { return kernel::slice(x, 0, i, i + 1); }

Array sum_of_class(const Array& support, std::uint32_t label) {
  Array sum = Array::zeros({1, support.dim(1)});
  for (std::size_t i = 0; i < kLabels.size(); ++i)
    if (kLabels[i] == label) sum = kernel::add(sum, row(support, i));
  return sum;
}

// As batch-norm with the statistics of a new buffer, and gamma 1, beta 0.
Array fresh_norm_relu(const Array& x) {
  return kernel::relu(kernel::scale(x, Real(1) / std::sqrt(Real(1) + Real(1e-5))));
}

Array weight(const FreshLearner& fresh, const std::string& name) {
  return fresh.params["relation." + name].value();
}

Array linear(const FreshLearner& fresh, const std::string& name, const Array& x) {
  return kernel::add(kernel::matmul(x, weight(fresh, name + ".weight")),
                     weight(fresh, name + ".bias"));
}

double last_layers(const FreshLearner& fresh, const Array& x) {
  const Array hidden = kernel::relu(linear(fresh, "hidden", x));
  return double(linear(fresh, "last", hidden).item());
}

// The two maps of one pair upon each other, by one convolution; plain images only.
double conv_pair(const FreshLearner& fresh, const Shape& map, const Array& query,
                 const Array& sum) {
  const Shape image{1, map[0], map[1], map[2]};
  const Array both = kernel::concat(std::vector{query.reshaped(image), sum.reshaped(image)}, 1);
  const Array w = kernel::concat(
      std::vector{weight(fresh, "block1.query.weight"), weight(fresh, "block1.class.weight")}, 1);
  const auto block = [](const Array& x, const Array& kernel_weights) {
    const Array y = kernel::reference::conv2d(x, kernel_weights, {1, 1}, false);
    return kernel::max_pool(fresh_norm_relu(y), 2).first;
  };
  const Array y = block(block(both, w), weight(fresh, "block2.conv.weight"));
  return last_layers(fresh, y.reshaped({1, y.size()}));
}

double vector_pair(const FreshLearner& fresh, const Array& query, const Array& sum) {
  const Array both = kernel::concat(std::vector{query, sum}, 1);
  const Array w = kernel::concat(
      std::vector{weight(fresh, "layer1.first.weight"), weight(fresh, "layer1.second.weight")}, 0);
  const Array first =
      fresh_norm_relu(kernel::add(kernel::matmul(both, w), weight(fresh, "layer1.second.bias")));
  return last_layers(fresh, fresh_norm_relu(kernel::matmul(first, weight(fresh, "layer2.weight"))));
}

}  // namespace

TEST_CASE("relation: each logit is what the module says of that pair alone, shots summed") {
  Rng rng(3, "relation");
  const auto check = [&rng](const FreshLearner& fresh, std::size_t features, const auto& pair) {
    const Array support = random_array({6, features}, rng);
    const Array query = random_array({4, features}, rng);
    const Array logits = fresh.logits(support, kLabels, 3, query);
    for (std::size_t q = 0; q < 4; ++q)
      for (std::uint32_t n = 0; n < 3; ++n)
        CHECK(double(logits.data()[q * 3 + n]) ==
              doctest::Approx(pair(row(query, q), sum_of_class(support, n))).epsilon(kClose));
  };
  const FreshLearner plain(config_of(5, 1, ", \"width\": 6"), {Shape{1, 12, 10}});
  check(plain, 5 * 6 * 5, [&](const Array& query, const Array& sum) {
    return conv_pair(plain, Shape{5, 6, 5}, query, sum);
  });
  for (const std::string width : {"16", "5"}) {
    const FreshLearner vectors(config_of(16, 2, ", \"width\": " + width), {Shape{1, 8, 8}});
    check(vectors, 64,
          [&](const Array& query, const Array& sum) { return vector_pair(vectors, query, sum); });
  }
}

TEST_CASE("relation: blocked feature maps give what plain ones give") {
  const FreshLearner blocked(config_of(32, 1, ", \"width\": 16"), {Shape{1, 8, 8}});
  Rng rng(4, "relation");
  const Array support = random_array({6, 2, 4, 4, 16}, rng),
              query = random_array({2, 2, 4, 4, 16}, rng);
  const Array logits =
      blocked.logits(support.reshaped({6, 512}), kLabels, 3, query.reshaped({2, 512}));
  const Array plain_support = kernel::from_blocked(support).reshaped({6, 512});
  const Array plain_query = kernel::from_blocked(query).reshaped({2, 512});
  for (std::size_t q = 0; q < 2; ++q)
    for (std::uint32_t n = 0; n < 3; ++n)
      CHECK(double(logits.data()[q * 3 + n]) ==
            doctest::Approx(conv_pair(blocked, Shape{32, 4, 4}, row(plain_query, q),
                                      sum_of_class(plain_support, n)))
                .epsilon(kClose));
}

TEST_CASE("relation: the module follows the size of the feature maps, and refuses what can't be") {
  const FreshLearner small(config_of(16, 2), {Shape{1, 8, 8}});
  CHECK(small.params.has("relation.layer1.first.weight"));
  const FreshLearner large(config_of(16, 1), {Shape{1, 8, 8}});
  CHECK(large.params.has("relation.block1.query.weight"));
  const FreshLearner chosen(config_of(16, 1, ", \"module\": \"vector\""), {Shape{1, 8, 8}});
  CHECK(chosen.params.has("relation.layer1.first.weight"));
  CHECK_THROWS_WITH_AS(
      FreshLearner(config_of(5, 2, ", \"module\": \"convolution\""), {Shape{1, 8, 8}}),
      "test: .module: convolution wants feature maps of at least 4×4, have (5,2,2): use vector, or "
      "fewer blocks in the encoder",
      UsageError);
}

TEST_CASE("relation: the losses are what they say") {
  Rng rng(6, "relation");
  const Array support = random_array({6, 64}, rng), query = random_array({3, 64}, rng);
  const Indices labels{2, 0, 1};
  for (const std::string kind : {"mse", "cross_entropy"}) {
    const FreshLearner fresh(config_of(16, 2, ", \"loss\": \"" + kind + "\""), {Shape{1, 8, 8}});
    Context context;
    const double loss = double(fresh.learner
                                   ->loss(fresh.params, {constant(support), kLabels, 3},
                                          {constant(query)}, labels, context)
                                   .value()
                                   .item());
    const Array z = fresh.logits(support, kLabels, 3, query);
    double want = 0;
    for (std::size_t q = 0; q < 3; ++q) {
      double total = 0;
      for (std::size_t n = 0; n < 3; ++n) {
        const double value = double(z.data()[q * 3 + n]);
        total += std::exp(value);
        const double off = 1 / (1 + std::exp(-value)) - (labels[q] == n ? 1.0 : 0.0);
        if (kind == "mse") want += off * off / 9;
      }
      if (kind != "mse") want += (std::log(total) - double(z.data()[q * 3 + labels[q]])) / 3;
    }
    CHECK(loss == doctest::Approx(want).epsilon(kClose));
  }
}

TEST_CASE("relation learns on a tiny pool, by either module and loss") {
  for (const std::size_t blocks : {1, 2})
    for (const std::string loss : {"mse", "cross_entropy"}) {
      CAPTURE(blocks);
      CAPTURE(loss);
      const Progress found = progress(
          config_of(16, blocks, ", \"width\": 16, \"loss\": \"" + loss + "\""), 100, 0.3, "train");
      CHECK(found.after.at("loss") < 0.7 * found.before.at("loss"));
      CHECK(found.after.at("accuracy") > 0.7);
    }
}
