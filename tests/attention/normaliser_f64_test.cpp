// Normalisers against dense references written from their definitions, and what those promise that
// have another gradient than the derivative of their values, or that draw.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "attention/attention.hpp"
#include "autograd/check.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

using Row = std::vector<double>;
constexpr std::size_t kRows = 6, kItems = 7;

std::unique_ptr<Normaliser> make(const std::string& options) {
  return NormaliserRegistry::make(Config::parse(options, "test"), "");
}

Array weights(const std::string& options, const Array& scores, const Mask& mask = {},
              Mode mode = Mode::evaluate, const Rng& rng = Rng(1, "draws")) {
  Context context;
  context.mode = mode;
  context.rng = rng;
  return (*make(options))(constant(scores), mask, context).value();
}

// ---- references: weights of the allowed items of one row

Row softmax_of(const Row& s) {
  Row p;
  for (const double one : s) p.push_back(std::exp(one));
  const double total = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& one : p) one /= total;
  return p;
}

Row one_at_largest(const Row& s) {
  Row p(s.size());
  p[static_cast<std::size_t>(std::max_element(s.begin(), s.end()) - s.begin())] = 1;
  return p;
}

// (factor·s − τ)₊^power, τ halved to until these sum to 1.
Row thresholded(const Row& s, double factor, double power) {
  const auto term = [&](double x, double tau) {
    return std::pow(std::max(0.0, factor * x - tau), power);
  };
  double high = factor * *std::max_element(s.begin(), s.end()), low = high - 1;
  for (int step = 0; step < 100; ++step) {
    const double tau = (low + high) / 2;
    double total = 0;
    for (const double x : s) total += term(x, tau);
    (total > 1 ? low : high) = tau;
  }
  Row p;
  for (const double x : s) p.push_back(term(x, low));
  return p;
}

Row softmax_of_largest(const Row& s, std::size_t k) {
  std::vector<std::size_t> order(s.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return s[a] > s[b]; });
  order.resize(std::min(k, order.size()));
  Row some, p(s.size());
  for (const std::size_t i : order) some.push_back(s[i]);
  some = softmax_of(some);
  for (std::size_t i = 0; i < order.size(); ++i) p[order[i]] = some[i];
  return p;
}

Row scaled(Row s, double factor) {
  for (double& one : s) one *= factor;
  return s;
}

struct Reference {
  std::string options;  // with the kind first
  std::function<Row(const Row&)> row;
};

std::vector<Reference> references() {
  const auto largest = [](std::size_t k) {
    return [k](const Row& s) { return softmax_of_largest(s, k); };
  };
  return {{R"({"kind": "softmax"})", softmax_of},
          {R"({"kind": "uniform"})",
           [](const Row& s) { return Row(s.size(), 1 / static_cast<double>(s.size())); }},
          {R"({"kind": "argmax"})", one_at_largest},
          {R"({"kind": "gumbel"})", softmax_of},
          {R"({"kind": "gumbel", "temperature": 0.25})",
           [](const Row& s) { return softmax_of(scaled(s, 4)); }},
          {R"({"kind": "gumbel", "hard": true})", one_at_largest},
          {R"({"kind": "top_k"})", largest(3)},
          {R"({"kind": "top_k", "k": 1})", largest(1)},
          {R"({"kind": "top_k", "k": 5})", largest(5)},
          {R"({"kind": "top_k", "k": 100})", softmax_of},
          {R"({"kind": "reinforce"})", one_at_largest},
          {R"({"kind": "sparsemax"})", [](const Row& s) { return thresholded(s, 1, 1); }},
          {R"({"kind": "entmax15"})", [](const Row& s) { return thresholded(s, 0.5, 2); }}};
}

// Row r allows all items but r of them; the last row allows nothing.
Mask stairs() {
  Mask mask{Array::full({kRows, kItems}, 1), false};
  for (std::size_t r = 0; r < kRows; ++r)
    for (std::size_t i = 0; i < kItems; ++i)
      if (r + 1 == kRows || (i + 3 * r) % kItems < r)
        mask.allowed.mutable_data()[r * kItems + i] = 0;
  return mask;
}

// ---- gradients

// Σ of fixed numbers times the weights: what is checked is then the weights' own derivative.
Var outcome(const Normaliser& normaliser, const Var& scores, const Mask& mask, Mode mode) {
  Context context;
  context.mode = mode;
  context.rng = Rng(9, "held");
  Rng rng(3, "values");
  return sum(normaliser(scores, mask, context) * constant(random_array(scores.shape(), rng)));
}

double farthest(const Array& a, const Array& b) {
  REQUIRE(a.shape() == b.shape());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(a.data()[i] - b.data()[i]));
  return most;
}

}  // namespace

TEST_CASE("every normaliser equals its definition, with and without a mask") {
  Rng rng(1, "normalisers");
  std::vector<std::string> seen;
  for (const Reference& reference : references()) {
    CAPTURE(reference.options);
    seen.push_back(Config::parse(reference.options, "test")
                       .choice("kind", "", NormaliserRegistry::names(), ""));
    for (const double scale : {0.3, 1.0, 4.0})
      for (const Mask& mask : {Mask{}, stairs()}) {
        const Array scores = random_array({kRows, kItems}, rng, scale);
        const Array found = weights(reference.options, scores, mask);
        for (std::size_t r = 0; r < kRows; ++r) {
          Row allowed;
          for (std::size_t i = r * kItems; i < (r + 1) * kItems; ++i)
            if (mask.empty || mask.allowed.data()[i] != 0) allowed.push_back(scores.data()[i]);
          const Row expected = allowed.empty() ? Row{} : reference.row(allowed);
          std::size_t next = 0;
          for (std::size_t i = r * kItems; i < (r + 1) * kItems; ++i) {
            const bool out = !mask.empty && mask.allowed.data()[i] == 0;
            CHECK(std::abs(found.data()[i] - (out ? 0 : expected[next++])) < 1e-9);
          }
        }
      }
  }
  for (const std::string& kind : NormaliserRegistry::names())
    CHECK_MESSAGE(std::count(seen.begin(), seen.end(), kind) > 0, kind);
}

TEST_CASE("values worked out by hand from the definitions") {
  const auto same = [](const std::string& kind, const Row& scores, const Row& expected) {
    Array x(Shape{1, scores.size()});
    std::copy(scores.begin(), scores.end(), x.mutable_data());
    const Array p = weights("{\"kind\": \"" + kind + "\"}", x);
    for (std::size_t i = 0; i < scores.size(); ++i)
      CHECK(p.data()[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  };
  same("sparsemax", {1, 0.8, 0.1}, {0.6, 0.4, 0});  // τ = (1.8 − 1)/2
  same("sparsemax", {0.5, 0}, {0.75, 0.25});        // (1 + t)/2 for |t| ≤ 1
  same("sparsemax", {1, 0}, {1, 0});                // where the line ends
  same("sparsemax", {-2, -2, -2, -2}, {0.25, 0.25, 0.25, 0.25});
  same("entmax15", {2 / std::sqrt(5.0), 0}, {0.8, 0.2});  // √0.8 − √0.2 = t/2
  same("entmax15", {4.0 / 3, 4.0 / 3, 2.0 / 3, 0, -1}, {4.0 / 9, 4.0 / 9, 1.0 / 9, 0, 0});
  same("entmax15", {2, 0}, {1, 0});
  same("top_k", {0, 0, 0, 0}, {1.0 / 3, 1.0 / 3, 1.0 / 3, 0});
  same("argmax", {1, 2, 2}, {0, 1, 0});
}

TEST_CASE("both derivatives of every kind and option that claims its own, drawn noise held") {
  Rng rng(5, "normaliser-derivatives");
  for (const Reference& reference : references()) {
    const auto normaliser = make(reference.options);
    if (normaliser->straight_through_gradient()) continue;
    CAPTURE(reference.options);
    for (const Mode mode : {Mode::evaluate, Mode::train})
      for (const Mask& mask : {Mask{}, stairs()}) {
        const auto f = [&](const Vars& x) {
          return square(outcome(*normaliser, x[0], mask, mode) + Real(0.4));
        };
        const DerivativeErrors errors =
            check_derivatives(f, {random_array({2, kRows, kItems}, rng)}, rng);
        CHECK(errors.first < 1e-6);
        CHECK(errors.second < 1e-6);
      }
  }
}

TEST_CASE(
    "straight-through kinds: values of one item, both derivatives those of the soft weights") {
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {R"({"kind": "argmax"})", R"({"kind": "softmax"})"},
      {R"({"kind": "gumbel", "hard": true, "temperature": 0.7})",
       R"({"kind": "gumbel", "temperature": 0.7})"}};
  Rng rng(6, "straight-through");
  const Var scores = leaf(random_array({kRows, kItems}, rng));
  const Array direction = random_array({kRows, kItems}, rng);
  for (const auto& [hard, soft] : kinds)
    for (const Mode mode : {Mode::evaluate, Mode::train})
      for (const Mask& mask : {Mask{}, stairs()}) {
        CAPTURE(hard);
        CHECK(make(hard)->straight_through_gradient());
        CHECK(!make(soft)->straight_through_gradient());
        const Array chosen = weights(hard, scores.value(), mask, mode);
        for (const Real weight : chosen.values()) CHECK((weight == 0 || weight == 1));
        const auto derivatives = [&](const std::string& options) {
          const Var first = grad(outcome(*make(options), scores, mask, mode), {scores}, true)[0];
          const Var second = grad(sum(first * constant(direction)), {scores})[0];
          return std::pair{first.value(), second.value()};
        };
        const auto of_hard = derivatives(hard), of_soft = derivatives(soft);
        CHECK(farthest(of_hard.first, of_soft.first) == 0);
        CHECK(farthest(of_hard.second, of_soft.second) == 0);
        CHECK(farthest(of_hard.first, Array::zeros({kRows, kItems})) > 0.01);
      }
}

TEST_CASE("kinds that draw choose an item as often as softmax says") {
  const Row scores = {0.3, -1, 1.2, 0};
  const Row expected = softmax_of(scores);
  constexpr std::size_t kDraws = 40000;
  Array x(Shape{kDraws, scores.size()});
  for (std::size_t i = 0; i < x.size(); ++i) x.mutable_data()[i] = scores[i % scores.size()];
  for (const std::string options :
       {R"({"kind": "reinforce"})", R"({"kind": "gumbel", "hard": true, "temperature": 3})"}) {
    CAPTURE(options);
    const Array drawn = weights(options, x, {}, Mode::train);
    const std::size_t rows[] = {0};
    const Array count = kernel::sum(drawn, rows, false);
    CHECK(kernel::sum_all(drawn).item() == kDraws);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const double error = std::sqrt(expected[i] * (1 - expected[i]) / kDraws);
      CHECK(std::abs(count.data()[i] / kDraws - expected[i]) < 4 * error);
    }
    CHECK(farthest(weights(options, x, {}, Mode::train), drawn) == 0);
    CHECK(farthest(weights(options, x, {}, Mode::train, Rng(2, "draws")), drawn) == 1);
  }
}

TEST_CASE("soft Gumbel weights in training are softmax of scores and noise over the temperature") {
  Rng rng(8, "gumbel");
  const Array scores = random_array({kRows, kItems}, rng);
  const Array found = weights(R"({"kind": "gumbel", "temperature": 0.4})", scores, {}, Mode::train);
  Rng noise(1, "draws");
  for (std::size_t r = 0; r < kRows; ++r) {
    Row noisy;
    for (std::size_t i = 0; i < kItems; ++i)
      noisy.push_back((scores.data()[r * kItems + i] - std::log(-std::log(1 - noise.uniform()))) /
                      0.4);
    const Row expected = softmax_of(noisy);
    for (std::size_t i = 0; i < kItems; ++i)
      CHECK(found.data()[r * kItems + i] == doctest::Approx(expected[i]).epsilon(1e-9));
  }
}

TEST_CASE("reinforce hands on the log-probability of what it drew, and nothing of empty rows") {
  Rng rng(4, "reinforce");
  const auto normaliser = make(R"({"kind": "reinforce"})");
  const Mask mask = stairs();
  const Var scores = leaf(random_array({2, kRows, kItems}, rng));
  std::vector<Sampled> sampled;
  Context context;
  context.mode = Mode::train;
  context.sampled = &sampled;
  const Var drawn = (*normaliser)(scores, mask, context);
  CHECK(!drawn.tracked());
  REQUIRE(sampled.size() == 1);
  CHECK(!sampled[0].by_query);  // only a readout of queries knows
  REQUIRE(sampled[0].log_probability.shape() == Shape{2, kRows});
  const Array soft = weights(R"({"kind": "softmax"})", scores.value(), mask);
  for (std::size_t r = 0; r < 2 * kRows; ++r) {
    double p = 0;
    for (std::size_t i = r * kItems; i < (r + 1) * kItems; ++i)
      p += drawn.value().data()[i] * soft.data()[i];
    const bool empty = r % kRows + 1 == kRows;
    CHECK(sampled[0].log_probability.value().data()[r] ==
          doctest::Approx(empty ? 0 : std::log(p)).epsilon(1e-12));
  }
  const Var gradient = grad(sum(sampled[0].log_probability), {scores})[0];
  CHECK(farthest(gradient.value(), kernel::sub(drawn.value(), soft)) < 1e-12);
  context.mode = Mode::evaluate;
  CHECK(!(*normaliser)(scores, mask, context).tracked());
  CHECK(sampled.size() == 1);
}

TEST_CASE("a readout of labels marks the choices that belong to one query each") {
  Params params;
  const Attention attention(Config::parse(R"({"normaliser": {"kind": "reinforce"}})", "test"), 3,
                            "attention");
  Rng rng(5, "marks");
  attention.init(params, rng);
  const Var q = leaf(random_array({4, 3}, rng)), k = leaf(random_array({5, 3}, rng));
  std::vector<Sampled> sampled;
  Context context;
  context.mode = Mode::train;
  context.sampled = &sampled;
  attention.weights(params, k, k, {}, context);
  attention.label_log_probabilities(params, q, k, {0, 1, 0, 1, 1}, 2, Real(0.01), context);
  REQUIRE(sampled.size() == 2);
  CHECK(!sampled[0].by_query);
  CHECK(sampled[1].by_query);
  CHECK(sampled[1].log_probability.shape() == Shape{4});
}
