// The gradients of the learners that adapt by gradient steps, each against a computation of its
// own.
#include <doctest/doctest.h>

#include <cmath>

#include "learner/adapt.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr std::size_t kWays = 3;
constexpr double kRate = 0.3;
const std::string kEncoder = R"({"kind": "conv4", "filters": 16, "blocks": 2})";

std::string config_of(const std::string& kind, const std::string& more) {
  return "{\"kind\": \"" + kind + "\", \"ways\": 3, \"encoder\": " + kEncoder + ", " + more + "}";
}

// Images of one episode and a learner for them.
struct Fixture {
  std::unique_ptr<Learner> learner;
  std::unique_ptr<Encoder> encoder;
  Params params;
  Support support;
  Query query;
  Indices labels{2, 0, 1, 1, 2, 0, 0};

  explicit Fixture(const std::string& config) {
    const InputShape input{Shape{1, 8, 8}};
    learner = LearnerRegistry::make(Config::parse(config, "test"), "", input);
    encoder = EncoderRegistry::make(Config::parse(kEncoder, "test"), "", input, "encoder");
    Rng rng(2, "init"), images(4, "images");
    learner->init(params, rng);
    support = {constant(random_array({6, 64}, images)), {0, 1, 2, 0, 1, 2}, kWays};
    query = {constant(random_array({7, 64}, images))};
  }
  Var loss(const Params& at, Mode mode = Mode::train) const {
    Context context;
    context.mode = mode;
    return learner->loss(at, support, query, labels, context);
  }
  Vars meta_gradient() const { return grad(loss(params), params.weights()); }
  Array logits(const Params& at) const {
    Context context;
    const NoGrad off;
    return learner->logits(at, support, query, context).value();
  }
  // The network written out, by the statistics of what passes.
  Var plain_loss(const Params& at, const Var& x, const Indices& of) const {
    Context context;
    context.mode = Mode::train;
    const Var y = encoder->forward(at, reshape(x, {x.shape()[0], 1, 8, 8}), context);
    return cross_entropy(matmul(y, at["head.weight"]) + at["head.bias"], of);
  }
  Vars support_gradient(const Params& at) const {
    return grad(plain_loss(at, support.x, support.labels), at.weights());
  }
  Vars query_gradient(const Params& at) const {
    return grad(plain_loss(at, query.x, labels), at.weights());
  }
};

// a + factor·b, as new leaves.
Vars moved(const Vars& a, const Vars& b, double factor) {
  Vars result;
  for (std::size_t i = 0; i < a.size(); ++i)
    result.push_back(
        leaf(kernel::add(a[i].value(), kernel::scale(b[i].value(), static_cast<Real>(factor)))));
  return result;
}

double largest(const Vars& a) {
  double most = 0;
  for (const Var& x : a)
    for (const Real value : x.value().values()) most = std::max(most, std::abs(double(value)));
  return most;
}

double difference(const Vars& a, const Vars& b) {
  REQUIRE(a.size() == b.size());
  return largest(moved(a, b, -1));
}

double dot(const Vars& a, const Vars& b) {
  double total = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    total += double(kernel::sum_all(kernel::mul(a[i].value(), b[i].value())).item());
  return total;
}

}  // namespace

TEST_CASE("maml is first-order maml less the curvature of each inner step") {
  const std::string more = R"("batch_norm": "batch", "inner_steps": 3, "inner_rate": 0.3)";
  const Fixture second(config_of("maml", more)), first(config_of("fomaml", more));
  std::vector<Params> path{second.params};
  for (int step = 0; step < 3; ++step)
    path.push_back(path.back().with(
        moved(path.back().weights(), second.support_gradient(path.back()), -kRate)));
  Vars g = second.query_gradient(path.back());
  const Vars of_first = first.meta_gradient();
  CHECK(difference(of_first, g) < 1e-12);
  for (std::size_t step = 3; step-- > 0;) {
    const double h = 1e-7;
    const auto beside = [&](double by) {
      return second.support_gradient(path[step].with(moved(path[step].weights(), g, by)));
    };
    // −α·H·g of the inner loss, by differences of its gradient.
    g = moved(g, moved(beside(h), beside(-h), -1), -kRate / (2 * h));
  }
  const Vars of_second = second.meta_gradient();
  CHECK(difference(of_second, g) < 1e-6 * largest(g));
  CHECK(difference(of_second, of_first) > 0.05 * largest(g));
  CHECK(difference({second.loss(second.params)}, {first.loss(first.params)}) < 1e-12);
}

TEST_CASE("meta-gradients equal central differences under every reading of batch-norm") {
  for (const std::string kind : {"maml", "anil", "meta_sgd"})
    for (const std::string norm : {"support", "batch", "running"}) {
      CAPTURE(kind);
      CAPTURE(norm);
      const Fixture f(config_of(kind, "\"inner_steps\": 3, \"batch_norm\": \"" + norm + "\""));
      const Vars weights = f.params.weights(), gradient = f.meta_gradient();
      Rng rng(7, "direction");
      for (std::size_t i = 0; i < weights.size(); ++i) {
        CAPTURE(f.params.names()[i]);
        Vars direction;
        for (std::size_t j = 0; j < weights.size(); ++j)
          direction.push_back(constant(i == j ? random_array(weights[j].shape(), rng)
                                              : Array::zeros(weights[j].shape())));
        const double h = 1e-7;
        const auto at = [&](double by) {
          const NoGrad off;
          return double(f.loss(f.params.with(moved(weights, direction, by))).value().item());
        };
        const double want = (at(h) - at(-h)) / (2 * h);
        CHECK(std::abs(dot(gradient, direction) - want) < 1e-5 * (0.01 + std::abs(want)));
      }
    }
}

TEST_CASE("anil: logistic regression by gradient descent on features that stay as they are") {
  const Fixture f(config_of("anil", R"("inner_steps": 4, "inner_rate": 0.3)"));
  Context context;
  context.mode = Mode::transductive;
  context.reference_rows = 6;
  const Var images = reshape(concat({f.support.x, f.query.x}, 0), {13, 1, 8, 8});
  const Array features = f.encoder->forward(f.params, images, context).value();
  const std::size_t size = features.dim(1);
  Array weight = f.params["head.weight"].value(), bias = f.params["head.bias"].value();
  const auto scores = [&](std::size_t row) {
    std::vector<double> result;
    for (std::size_t n = 0; n < kWays; ++n) {
      double score = double(bias.data()[n]);
      for (std::size_t i = 0; i < size; ++i)
        score += double(features.data()[row * size + i] * weight.data()[i * kWays + n]);
      result.push_back(score);
    }
    return result;
  };
  for (int step = 0; step < 4; ++step) {
    std::vector<std::vector<double>> wrong;  // p − y
    for (std::size_t s = 0; s < 6; ++s) {
      wrong.push_back(scores(s));
      double total = 0;
      for (double& score : wrong[s]) total += score = std::exp(score);
      for (double& score : wrong[s]) score /= total;
      wrong[s][f.support.labels[s]] -= 1;
    }
    for (std::size_t s = 0; s < 6; ++s)
      for (std::size_t n = 0; n < kWays; ++n) {
        const double by = kRate * wrong[s][n] / 6;
        bias.mutable_data()[n] -= Real(by);
        for (std::size_t i = 0; i < size; ++i)
          weight.mutable_data()[i * kWays + n] -= Real(by) * features.data()[s * size + i];
      }
  }
  const Array logits = f.logits(f.params);
  for (std::size_t q = 0; q < 7; ++q)
    for (std::size_t n = 0; n < kWays; ++n)
      CHECK(double(logits.data()[q * kWays + n]) ==
            doctest::Approx(scores(6 + q)[n]).epsilon(1e-9));
}

TEST_CASE("meta_sgd with equal rates is maml, and each of its weights moves in the inner loop") {
  const std::string more = R"("inner_steps": 2, "inner_rate": 0.3)";
  const Fixture sgd(config_of("meta_sgd", more)), maml(config_of("maml", more));
  const Vars with_rates = sgd.meta_gradient();
  const std::size_t count = maml.params.weights().size();
  REQUIRE(with_rates.size() == 2 * count);
  CHECK(difference(Vars(with_rates.begin(), with_rates.begin() + std::ptrdiff_t(count)),
                   maml.meta_gradient()) < 1e-13);
  const auto rates = [&](std::size_t only) {
    Vars weights = sgd.params.weights();
    for (std::size_t i = count; i < weights.size(); ++i)
      weights[i] = leaf(Array::full(weights[i].shape(), i - count == only ? Real(0.3) : Real(0)));
    return sgd.logits(sgd.params.with(weights));
  };
  const Var unmoved = constant(rates(count));
  for (std::size_t i = 0; i < count; ++i) {
    CAPTURE(maml.params.names()[i]);
    CHECK(difference({constant(rates(i))}, {unmoved}) > 1e-4);
  }
  CHECK(difference({constant(maml.logits(maml.params))}, {constant(sgd.logits(sgd.params))}) <
        1e-13);
}

TEST_CASE("reptile's gradient is the way that its inner loop went") {
  for (const bool adam : {false, true}) {
    CAPTURE(adam);
    const Fixture f(config_of("reptile", std::string(R"("inner_steps": 3, "inner_rate": 0.01, )") +
                                             R"("inner_optimiser": ")" + (adam ? "adam" : "sgd") +
                                             "\""));
    const Var all = concat({f.support.x, f.query.x}, 0);
    Indices labels = f.support.labels;
    labels.insert(labels.end(), f.labels.begin(), f.labels.end());
    Params at = f.params;
    Vars squares;
    for (int step = 1; step <= 3; ++step) {
      const Vars g = grad(f.plain_loss(at, all, labels), at.weights());
      Vars by = g;
      for (std::size_t i = 0; adam && i < g.size(); ++i) {
        // Kingma & Ba 2015, algorithm 1, with β₁ = 0 and β₂ = 0.999.
        const Var square = g[i].detach() * g[i].detach() * Real(0.001);
        if (step == 1) squares.push_back(square);
        if (step > 1) squares[i] = squares[i] * Real(0.999) + square;
        const Var unbiased = squares[i] * Real(1 / (1 - std::pow(0.999, step)));
        by[i] = g[i] / (sqrt(unbiased) + Real(1e-8));
      }
      at = at.with(moved(at.weights(), by, -0.01));
    }
    const Vars want = moved(f.params.weights(), at.weights(), -1);
    CHECK(largest(want) > 1e-3);
    CHECK(difference(f.meta_gradient(), want) < 1e-9);
    CHECK(difference(grad(f.loss(f.params) * Real(-2), f.params.weights()), moved(want, want, -3)) <
          1e-9);
  }
}
