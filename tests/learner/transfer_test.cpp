#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "learner/learner.hpp"
#include "learner/logistic_regression.hpp"

using namespace attune;

namespace {

constexpr std::size_t kItems = 7, kSize = 3, kWays = 3;
constexpr double kL2 = 0.02;
const Indices kLabels{0, 0, 1, 2, 1, 2, 0};

Array random(const Shape& shape, const char* stream) {
  Rng rng(5, stream);
  Array result(shape);
  for (std::size_t i = 0; i < result.size(); ++i)
    result.mutable_data()[i] = static_cast<Real>(rng.uniform(-1, 1));
  return result;
}

std::vector<double> unit_with_one(const Real* row) {
  double length = 0;
  for (std::size_t d = 0; d < kSize; ++d) length += double(row[d]) * double(row[d]);
  std::vector<double> result;
  for (std::size_t d = 0; d < kSize; ++d) result.push_back(double(row[d]) / std::sqrt(length));
  result.push_back(1);
  return result;
}

// The primal problem by plain gradient descent: W (kWays, kSize + 1), the last column the bias.
std::vector<double> fitted(const Array& x) {
  const std::size_t width = kSize + 1;
  std::vector<double> w(kWays * width, 0.0);
  for (int round = 0; round < 60000; ++round) {
    std::vector<double> slope(w.size());
    for (std::size_t i = 0; i < w.size(); ++i) slope[i] = kL2 * w[i];
    for (std::size_t i = 0; i < kItems; ++i) {
      const auto row = unit_with_one(x.data() + i * kSize);
      double p[kWays], total = 0;
      for (std::size_t n = 0; n < kWays; ++n) {
        double logit = 0;
        for (std::size_t d = 0; d < width; ++d) logit += w[n * width + d] * row[d];
        total += p[n] = std::exp(logit);
      }
      for (std::size_t n = 0; n < kWays; ++n)
        for (std::size_t d = 0; d < width; ++d)
          slope[n * width + d] += (p[n] / total - (kLabels[i] == n ? 1 : 0)) * row[d] / kItems;
    }
    for (std::size_t i = 0; i < w.size(); ++i) w[i] -= 0.5 * slope[i];
  }
  return w;
}

}  // namespace

TEST_CASE("logistic regression finds what plain descent on the weights finds") {
  const Array x = random({kItems, kSize}, "support"), q = random({4, kSize}, "query");
  const Array logits = logistic_regression(x, kLabels, kWays, kL2, q);
  const auto w = fitted(x);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto row = unit_with_one(q.data() + i * kSize);
    for (std::size_t n = 0; n < kWays; ++n) {
      double want = 0;
      for (std::size_t d = 0; d <= kSize; ++d) want += w[n * (kSize + 1) + d] * row[d];
      CHECK(double(logits.data()[i * kWays + n]) == doctest::Approx(want).epsilon(1e-3));
    }
  }
  CHECK_THROWS_AS(logistic_regression(x, kLabels, kWays, 0, q), Error);
}

TEST_CASE("transfer learns the pool's classes and classifies new ones by centroids") {
  const InputShape input{{kSize}};
  const auto learner = LearnerRegistry::make(
      Config::parse(R"({"encoder": {"kind": "mlp", "hidden": [], "features": 4}, "classes": 9,
                        "scale": 7})",
                    "test"),
      "transfer", input);
  Params params;
  Rng rng(3, "init");
  learner->init(params, rng);
  Context context;
  const Array x = random({4, 4}, "features"), queries = random({2, 4}, "queries");
  const Support support{constant(x), {0, 1, 0, 1}, 2, {8, 3}};
  const auto cosine = [&](const Real* a, const std::vector<double>& b) {
    double product = 0, of_a = 0, of_b = 0;
    for (std::size_t d = 0; d < 4; ++d) {
      product += double(a[d]) * b[d];
      of_a += double(a[d]) * double(a[d]);
      of_b += b[d] * b[d];
    }
    return 7 * product / std::sqrt(of_a * of_b);
  };
  const Array logits = learner->logits(params, support, {constant(queries)}, context).value();
  for (std::size_t q = 0; q < 2; ++q)
    for (std::size_t n = 0; n < 2; ++n) {
      std::vector<double> centroid;
      for (std::size_t d = 0; d < 4; ++d)
        centroid.push_back((double(x.data()[n * 4 + d]) + double(x.data()[(n + 2) * 4 + d])) / 2);
      CHECK(double(logits.data()[q * 2 + n]) ==
            doctest::Approx(cosine(queries.data() + q * 4, centroid)));
    }
  // The loss: 4 support and 2 query examples among 9 classes.
  const Array& weight = params["head.weight"].value();
  const std::vector<std::pair<const Real*, std::size_t>> examples = {
      {x.data(), 8},      {x.data() + 4, 3},   {x.data() + 8, 8},
      {x.data() + 12, 3}, {queries.data(), 3}, {queries.data() + 4, 8}};
  double want = 0;
  for (const auto& [row, target] : examples) {
    double total = 0, own = 0;
    for (std::size_t c = 0; c < 9; ++c) {
      const Real* w = weight.data() + c * 4;
      const double logit = cosine(row, {double(w[0]), double(w[1]), double(w[2]), double(w[3])});
      total += std::exp(logit);
      if (c == target) own = logit;
    }
    want += (std::log(total) - own) / 6;
  }
  const Var loss = learner->loss(params, support, {constant(queries)}, {1, 0}, context);
  CHECK(double(loss.value().item()) == doctest::Approx(want));
  const Support outside{constant(x), {0, 1, 0, 1}, 2, {9, 3}};
  CHECK_THROWS_AS(learner->loss(params, outside, {constant(queries)}, {1, 0}, context), UsageError);
}
