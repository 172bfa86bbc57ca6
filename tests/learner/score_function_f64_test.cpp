// The score-function gradient: its expectation over all draws is the gradient of the expected loss.
#include <doctest/doctest.h>

#include <cmath>

#include "learner/learner.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr std::size_t kItems = 3, kFeatures = 2, kWays = 2;
const Indices kLabels{0, 1, 1};

// log p of every item that a query may choose (Q,S), and of what the queries share (1,D).
Var item_logs(const Var& support, const Var& query) {
  return log_softmax(matmul(query, support, false, true));
}
Var shared_logs(const Var& support) { return log_softmax(sum(support, {0}, true)); }

// Chooses what it is told, so that all choices can be gone through. The logits also depend on the
// features directly.
struct Told : Learner {
  Indices items;             // the choice of each query
  std::uint32_t shared = 0;  // one choice for all
  void init(Params&, Rng&) const override {}
  Var encode(const Params&, const Var& x, Context&) const override { return x; }
  Var logits(const Params&, const Support& support, const Query& query, Context& context,
             Trace*) const override {
    Array chosen = Array::zeros({items.size(), kWays});
    for (std::size_t q = 0; q < items.size(); ++q)
      chosen.mutable_data()[q * kWays + kLabels[items[q]]] = Real(1) + Real(2) * Real(shared);
    if (context.sampled) {
      const Var own = take_last(item_logs(support.x, query.x), items);
      context.sampled->push_back({reshape(own, {items.size()}), true});
      context.sampled->push_back({take_last(shared_logs(support.x), {shared})});
    }
    return constant(chosen) + tanh(query.x);
  }
};

struct Episode {
  Var support, query;
  Indices query_labels;
};

Episode episode(std::size_t queries) {
  Rng rng(queries, "score-function");
  Indices labels;
  for (std::size_t q = 0; q < queries; ++q) labels.push_back(static_cast<std::uint32_t>(q % 2));
  return {leaf(random_array({kItems, kFeatures}, rng)),
          leaf(random_array({queries, kFeatures}, rng)), labels};
}

Var loss(const Learner& learner, const Episode& e, Context& context) {
  return learner.loss({}, {e.support, kLabels, kWays}, {e.query}, e.query_labels, context);
}

// Calls visit(learner) for every combination of choices.
template <typename Visit>
void for_all_choices(std::size_t queries, const Visit& visit) {
  std::size_t combinations = kFeatures;
  for (std::size_t q = 0; q < queries; ++q) combinations *= kItems;
  for (std::size_t number = 0; number < combinations; ++number) {
    Told learner;
    std::size_t rest = number;
    learner.shared = static_cast<std::uint32_t>(rest % kFeatures);
    rest /= kFeatures;
    for (std::size_t q = 0; q < queries; ++q, rest /= kItems)
      learner.items.push_back(static_cast<std::uint32_t>(rest % kItems));
    visit(learner);
  }
}

// The probability of its choices.
Var probability(const Told& learner, const Episode& e) {
  const Var own = take_last(item_logs(e.support, e.query), learner.items);
  return exp(sum(own) + sum(take_last(shared_logs(e.support), {learner.shared})));
}

}  // namespace

TEST_CASE("over all choices, the mean gradient is the gradient of the mean loss") {
  for (const std::size_t queries : {1, 2, 3}) {
    CAPTURE(queries);
    const Episode e = episode(queries);
    Var expected_loss = constant(Real(0));
    Array support = Array::zeros({kItems, kFeatures}), query = Array::zeros({queries, kFeatures});
    double total = 0;
    for_all_choices(queries, [&](const Told& learner) {
      Context training, evaluation;
      training.mode = Mode::train;
      const Var p = probability(learner, e);
      const Var value = loss(learner, e, evaluation), sampled = loss(learner, e, training);
      CHECK(sampled.value().item() == value.value().item());  // still the cross-entropy
      CHECK(training.sampled == nullptr);
      expected_loss = expected_loss + p * value;
      const Vars gradient = grad(sampled, {e.support, e.query});
      kernel::add_into(support, kernel::scale(gradient[0].value(), p.value().item()));
      kernel::add_into(query, kernel::scale(gradient[1].value(), p.value().item()));
      total += p.value().item();
    });
    CHECK(total == doctest::Approx(1).epsilon(1e-12));
    const Vars exact = grad(expected_loss, {e.support, e.query});
    for (std::size_t i = 0; i < support.size(); ++i)
      CHECK(support.data()[i] == doctest::Approx(exact[0].value().data()[i]).epsilon(1e-10));
    for (std::size_t i = 0; i < query.size(); ++i)
      CHECK(query.data()[i] == doctest::Approx(exact[1].value().data()[i]).epsilon(1e-10));
  }
}

TEST_CASE("matching with reinforce: 20,000 draws of the gradient average to the exact one") {
  constexpr std::size_t kSeeds = 20000, kQueries = 3;
  constexpr double kFloor = 0.1;
  const auto learner = LearnerRegistry::make(
      Config::parse(
          R"({"kind": "matching", "encoder": {"kind": "mlp", "hidden": [2], "features": 2},
                        "attention": {"score": {"kind": "dot"}, "floor": 0.1,
                                      "normaliser": {"kind": "reinforce"}}})",
          "test"),
      "", InputShape{{2}});
  const Episode e = episode(kQueries);
  Params params;
  Rng rng(1, "init");
  learner->init(params, rng);

  Array losses(Shape{kQueries, kItems});  // of each query by its choice
  for (std::size_t q = 0; q < kQueries; ++q)
    for (std::size_t s = 0; s < kItems; ++s)
      losses.mutable_data()[q * kItems + s] =
          -std::log((kLabels[s] == e.query_labels[q] ? 1 - kFloor : 0) + kFloor / kWays);
  const Var expected =
      sum(exp(item_logs(e.support, e.query)) * constant(losses)) * (Real(1) / kQueries);
  const Vars exact = grad(expected, {e.support, e.query});

  std::vector<double> sums(12), squares(12);  // 6 of the support, 6 of the queries
  for (std::size_t seed = 0; seed < kSeeds; ++seed) {
    Context context;
    context.mode = Mode::train;
    context.rng = Rng(seed, "draws");
    const Vars g =
        grad(learner->loss(params, {e.support, kLabels, kWays}, {e.query}, e.query_labels, context),
             {e.support, e.query});
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const double value = i < 6 ? g[0].value().data()[i] : g[1].value().data()[i - 6];
      sums[i] += value;
      squares[i] += value * value;
    }
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    CAPTURE(i);
    const double mean = sums[i] / kSeeds;
    const double error = std::sqrt((squares[i] / kSeeds - mean * mean) / kSeeds);
    const double want = i < 6 ? exact[0].value().data()[i] : exact[1].value().data()[i - 6];
    CHECK(error > 0);
    CHECK(std::abs(mean - want) < 4 * error);
  }
}
