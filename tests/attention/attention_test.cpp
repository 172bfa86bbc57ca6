#include "attention/attention.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>

#include "random_array.hpp"
#include "source_path.hpp"

using namespace attune;

namespace {

constexpr std::size_t kQ = 5, kS = 6, kD = 4;
constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 1e-4;

struct Inputs {
  Rng rng{7, "attention-test"};
  Array q = random_array({kQ, kD}, rng), k = random_array({kS, kD}, rng);
};

Attention make(const std::string& score, const std::string& normaliser, Params& params) {
  const Config config =
      Config::parse("{\"score\": {\"kind\": \"" + score + "\"}, \"normaliser\": {\"kind\": \"" +
                        normaliser + "\"}}",
                    "test");
  Attention attention(config, kD, "attention");
  Rng rng(3, "init");
  attention.init(params, rng);
  return attention;
}

Array weights(const std::string& score, const std::string& normaliser, const Array& q,
              const Array& k, const Mask& mask = {}) {
  Params params;
  const Attention attention = make(score, normaliser, params);
  Context context;
  return attention.weights(params, constant(q), constant(k), mask, context).value();
}

Array reversed_rows(const Array& x) {
  Indices order;
  for (std::size_t i = x.dim(0); i-- > 0;) order.push_back(static_cast<std::uint32_t>(i));
  return kernel::gather(x, order);
}

// A score computed by its formula, without the parts under test.
double formula(const std::string& kind, const Params& params, const Real* q, const Real* k) {
  double dot = 0, qq = 0, kk = 0, distance = 0, bilinear = 0, additive = 0;
  for (std::size_t d = 0; d < kD; ++d) {
    dot += double(q[d]) * double(k[d]);
    qq += double(q[d]) * double(q[d]);
    kk += double(k[d]) * double(k[d]);
    distance += (double(q[d]) - double(k[d])) * (double(q[d]) - double(k[d]));
  }
  if (kind == "dot") return dot;
  if (kind == "scaled_dot") return dot / std::sqrt(double(kD));
  if (kind == "cosine") return 10 * dot / std::sqrt(qq * kk);
  if (kind == "squared_euclidean") return -distance / std::sqrt(double(kD));
  if (kind == "bilinear") {
    const Array w = params["attention.score.weight"].value();
    for (std::size_t i = 0; i < kD; ++i)
      for (std::size_t j = 0; j < kD; ++j)
        bilinear += double(q[i]) * double(w.data()[i * kD + j]) * double(k[j]);
    return bilinear;
  }
  REQUIRE(kind == "additive");
  const Array wq = params["attention.score.query"].value();
  const Array wk = params["attention.score.key"].value();
  const Array v = params["attention.score.value"].value();
  const std::size_t hidden = v.size();
  for (std::size_t a = 0; a < hidden; ++a) {
    double sum = 0;
    for (std::size_t d = 0; d < kD; ++d)
      sum += double(q[d]) * double(wq.data()[d * hidden + a]) +
             double(k[d]) * double(wk.data()[d * hidden + a]);
    additive += double(v.data()[a]) * std::tanh(sum);
  }
  return additive;
}

}  // namespace

// manhattan_test.cpp is the example of lib/README.md, word for word: as long as it passes the tests
// of all kinds, adding a kind is as easy as it says.
TEST_CASE("the example of a new kind in lib/README.md is the one tested here") {
  const auto text = [](const std::string& name) {
    std::ifstream in(source_path(name));
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string example = text("tests/attention/manhattan_test.cpp");
  CHECK(example.find("class Manhattan") != std::string::npos);
  CHECK(text("lib/README.md").find("```cpp\n" + example + "```") != std::string::npos);
  CHECK(ScoreRegistry::entries().contains("manhattan"));
}

TEST_CASE("every score of ours equals its formula under softmax") {
  const Inputs in;
  for (const std::string kind :
       {"additive", "bilinear", "cosine", "dot", "scaled_dot", "squared_euclidean"}) {
    CAPTURE(kind);
    Params params;
    const Attention attention = make(kind, "softmax", params);
    Context context;
    const Array found =
        attention.weights(params, constant(in.q), constant(in.k), {}, context).value();
    REQUIRE(found.shape() == Shape{kQ, kS});
    for (std::size_t i = 0; i < kQ; ++i) {
      double total = 0;
      std::array<double, kS> expected{};
      for (std::size_t j = 0; j < kS; ++j)
        total += expected[j] =
            std::exp(formula(kind, params, in.q.data() + i * kD, in.k.data() + j * kD));
      for (std::size_t j = 0; j < kS; ++j)
        CHECK(double(found.data()[i * kS + j]) ==
              doctest::Approx(expected[j] / total).epsilon(kClose));
    }
  }
}

TEST_CASE("every combination: rows sum to 1, permuting the support permutes the weights") {
  const Inputs in;
  const Array back = reversed_rows(in.k);
  for (const std::string& score : ScoreRegistry::names())
    for (const std::string& normaliser : NormaliserRegistry::names()) {
      CAPTURE(score);
      CAPTURE(normaliser);
      const Array w = weights(score, normaliser, in.q, in.k);
      const Array other = weights(score, normaliser, in.q, back);
      for (std::size_t i = 0; i < kQ; ++i) {
        double total = 0;
        for (std::size_t j = 0; j < kS; ++j) {
          CHECK(w.data()[i * kS + j] >= 0);
          total += double(w.data()[i * kS + j]);
          CHECK(double(w.data()[i * kS + j]) ==
                doctest::Approx(double(other.data()[i * kS + kS - 1 - j])).epsilon(kClose));
        }
        CHECK(total == doctest::Approx(1).epsilon(kClose));
      }
    }
}

TEST_CASE("scores of the first keys are those of these keys alone, for every kind") {
  Rng rng(5, "first-keys");
  const Array q = random_array({2, kQ, kD}, rng), k = random_array({2, kS + 3, kD}, rng);
  const Array first = kernel::slice(k, 1, 0, kS);
  for (const std::string& kind : ScoreRegistry::names()) {
    CAPTURE(kind);
    Params params;
    const Attention attention = make(kind, "softmax", params);
    Context context;
    const NoGrad scope;
    const Array found =
        attention.scores_of_first(params, constant(q), constant(k), kS, context).value();
    const Array want = attention.scores(params, constant(q), constant(first), context).value();
    REQUIRE(found.shape() == want.shape());
    CHECK(std::ranges::equal(found.values(), want.values()));
  }
}

TEST_CASE("a mask gives forbidden items weight 0 and a row that allows nothing zeros") {
  const Inputs in;
  Mask mask;
  mask.empty = false;
  mask.allowed = Array::full({kQ, kS}, 1);
  for (std::size_t j = 0; j < kS; ++j) mask.allowed.mutable_data()[j] = 0;
  mask.allowed.mutable_data()[kS + 2] = 0;
  for (const std::string& normaliser : NormaliserRegistry::names()) {
    CAPTURE(normaliser);
    const Array w = weights("scaled_dot", normaliser, in.q, in.k, mask);
    double second = 0;
    for (std::size_t j = 0; j < kS; ++j) {
      CHECK(w.data()[j] == 0);
      second += double(w.data()[kS + j]);
    }
    CHECK(w.data()[kS + 2] == 0);
    CHECK(second == doctest::Approx(1).epsilon(kClose));
  }
}

TEST_CASE("leading dimensions are separate attentions") {
  Rng rng(11, "batched");
  const Array q = random_array({2, kQ, kD}, rng), k = random_array({2, kS, kD}, rng);
  const Indices second{1};
  for (const std::string& score : ScoreRegistry::names()) {
    CAPTURE(score);
    const Array both = weights(score, "softmax", q, k);
    const Array one = weights(score, "softmax", kernel::gather(q, second).reshaped({kQ, kD}),
                              kernel::gather(k, second).reshaped({kS, kD}));
    for (std::size_t i = 0; i < one.size(); ++i)
      CHECK(double(both.data()[one.size() + i]) ==
            doctest::Approx(double(one.data()[i])).epsilon(kClose));
  }
}

TEST_CASE("label readout sums the weights of each label, for even and uneven supports") {
  const Inputs in;
  for (const Indices& labels : {Indices{0, 1, 2, 0, 1, 2}, Indices{2, 0, 0, 1, 0, 0}})
    for (const std::string& normaliser : NormaliserRegistry::names()) {
      CAPTURE(normaliser);
      Params params;
      const Attention attention = make("squared_euclidean", normaliser, params);
      Context context;
      Array shown;
      const Real floor = Real(1e-6);
      const Array logs = attention
                             .label_log_probabilities(params, constant(in.q), constant(in.k),
                                                      labels, 3, floor, context, &shown)
                             .value();
      for (std::size_t i = 0; i < kQ; ++i) {
        std::array<double, 3> p{};
        for (std::size_t j = 0; j < kS; ++j) p[labels[j]] += double(shown.data()[i * kS + j]);
        for (std::size_t n = 0; n < 3; ++n)
          CHECK(std::exp(double(logs.data()[i * 3 + n])) == doctest::Approx(p[n]).epsilon(1e-4));
      }
    }
}

TEST_CASE("a label without items and a label out of range are errors") {
  const Inputs in;
  Params params;
  const Attention attention = make("dot", "softmax", params);
  Context context;
  CHECK_THROWS_AS(attention.label_log_probabilities(params, constant(in.q), constant(in.k),
                                                    {0, 0, 0, 0, 0, 0}, 2, Real(0.1), context),
                  Error);
  CHECK_THROWS_AS(one_hot({0, 3}, 3), Error);
}

TEST_CASE("an unknown kind is a usage error that names the known ones") {
  const Config config = Config::parse("{\"score\": {\"kind\": \"cosin\"}}", "test");
  CHECK_THROWS_WITH_AS(Attention(config, kD, "a"), doctest::Contains("cosine"), UsageError);
}

TEST_CASE("hard attention gives a score that is NaN no whole weight: the answer is NaN too") {
  // One query; the keys' first number is the score.
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  for (const std::string kind : {"argmax", "reinforce"}) {
    CAPTURE(kind);
    for (std::size_t place = 0; place < 3; ++place) {
      Array q = Array::zeros({1, kD}), k = Array::zeros({3, kD});
      q.mutable_data()[0] = 1;
      for (std::size_t i = 0; i < 3; ++i) k.mutable_data()[i * kD] = i == place ? nan : Real(i);
      const Array w = weights("dot", kind, q, k);
      Real total = 0;
      for (std::size_t i = 0; i < 3; ++i) total += w.data()[i];
      CHECK(std::isnan(total));
    }
  }
}

TEST_CASE("the k largest scores alone get weight: as many as k, by default three") {
  const Inputs in;
  const Array w = weights("dot", "top_k", in.q, in.k), all = weights("dot", "softmax", in.q, in.k);
  for (std::size_t i = 0; i < kQ; ++i) {
    std::vector<double> softmax(all.data() + i * kS, all.data() + (i + 1) * kS);
    std::vector<double> sorted = softmax;
    std::ranges::sort(sorted, std::greater<>());
    const double kept = sorted[0] + sorted[1] + sorted[2];
    for (std::size_t j = 0; j < kS; ++j)
      CHECK(double(w.data()[i * kS + j]) ==
            doctest::Approx(softmax[j] >= sorted[2] ? softmax[j] / kept : 0).epsilon(kClose));
  }
}
