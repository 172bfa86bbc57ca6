#include <doctest/doctest.h>

#include "learner/plain_layers.hpp"
#include "random_array.hpp"

using namespace attune;
using namespace attune::plain;

namespace {

constexpr std::size_t kFeatures = 64, kWays = 3, kHeads = 2, kHeadSize = 3;
constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 1e-3;
const std::string kEncoder =
    ", \"encoder\": {\"kind\": \"conv4\", \"filters\": 16, \"blocks\": 2}}";
const std::string kCnp = "{\"kind\": \"cnp\", \"hidden\": 5, \"representation\": 6" + kEncoder;
const std::string kAnp =
    "{\"kind\": \"anp\", \"hidden\": 5, \"attention\": {\"heads\": 2, "
    "\"head_features\": 3}" +
    kEncoder;

Row item(const FreshLearner& fresh, const Row& x) {
  return linear(fresh, "process.item.last", relu(linear(fresh, "process.item.first", x)));
}

double decode(const FreshLearner& fresh, const Row& x, const std::vector<Row>& r, std::size_t n) {
  Row all(r[0].size());
  for (const Row& one : r) all = plus(all, one, 1 / static_cast<double>(r.size()));
  const Row first = plus(
      plus(linear(fresh, "process.decoder.query", x), linear(fresh, "process.decoder.all", all)),
      linear(fresh, "process.decoder.class", r[n]));
  const Row second = linear(fresh, "process.decoder.second", relu(first));
  return linear(fresh, "process.decoder.last", relu(second))[0];
}

// Each head's softmax of q·k/√F, then what it reads of each class.
std::vector<Row> attend(const FreshLearner& fresh, const Array& support, const Indices& labels,
                        const Row& x) {
  const Row q = linear(fresh, "process.query", x);
  std::vector<Row> r(kWays, Row(kHeads * kHeadSize));
  for (std::size_t h = 0; h < kHeads; ++h) {
    Row weight;
    double total = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const Row k = linear(fresh, "process.key", row_of(support, i));
      double score = 0;
      for (std::size_t f = h * kHeadSize; f < (h + 1) * kHeadSize; ++f) score += q[f] * k[f];
      weight.push_back(std::exp(score / std::sqrt(static_cast<double>(kHeadSize))));
      total += weight.back();
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const Row v = item(fresh, row_of(support, i));
      for (std::size_t f = h * kHeadSize; f < (h + 1) * kHeadSize; ++f)
        r[labels[i]][f] += weight[i] / total * v[f];
    }
  }
  return r;
}

}  // namespace

TEST_CASE("cnp: a class is the mean of what its items say, classes of unequal size too") {
  const FreshLearner fresh(kCnp, {Shape{1, 8, 8}});
  Rng rng(3, "cnp");
  const Indices labels{1, 0, 1, 2, 1, 2};
  const Array support = random_array({6, kFeatures}, rng),
              query = random_array({4, kFeatures}, rng);
  std::vector<Row> r(kWays, Row(6));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto size = static_cast<double>(std::count(labels.begin(), labels.end(), labels[i]));
    r[labels[i]] = plus(r[labels[i]], item(fresh, row_of(support, i)), 1 / size);
  }
  const Array logits = fresh.logits(support, labels, kWays, query);
  for (std::size_t q = 0; q < 4; ++q)
    for (std::size_t n = 0; n < kWays; ++n)
      CHECK(double(logits.data()[q * kWays + n]) ==
            doctest::Approx(decode(fresh, row_of(query, q), r, n)).epsilon(kClose));
}

TEST_CASE("anp: every head reads each class by its weights, classes of unequal size too") {
  const FreshLearner fresh(kAnp, {Shape{1, 8, 8}});
  Rng rng(4, "anp");
  for (const Indices& labels : {Indices{1, 0, 1, 2, 1, 2}, Indices{2, 0, 1}}) {
    const Array support = random_array({labels.size(), kFeatures}, rng);
    const Array query = random_array({4, kFeatures}, rng);
    const Array logits = fresh.logits(support, labels, kWays, query);
    for (std::size_t q = 0; q < 4; ++q) {
      const Row x = row_of(query, q);
      const std::vector<Row> r = attend(fresh, support, labels, x);
      for (std::size_t n = 0; n < kWays; ++n)
        CHECK(double(logits.data()[q * kWays + n]) ==
              doctest::Approx(decode(fresh, x, r, n)).epsilon(kClose));
    }
  }
}

TEST_CASE("anp shows the weights of its heads") {
  const FreshLearner fresh(kAnp, {Shape{1, 8, 8}});
  Rng rng(5, "anp");
  Trace trace;
  Context context;
  fresh.learner->logits(fresh.params,
                        {constant(random_array({6, kFeatures}, rng)), {0, 1, 2, 0, 1, 2}, kWays},
                        {constant(random_array({4, kFeatures}, rng))}, context, &trace);
  REQUIRE(trace.weights.shape() == Shape{4, 6});
  REQUIRE(trace.maps.size() == 1);
  REQUIRE(trace.maps[0].weights.shape() == Shape{2, 4, 6});
  for (std::size_t q = 0; q < 4; ++q) {
    double total = 0;
    for (std::size_t i = 0; i < 6; ++i) {
      const double shown = double(trace.weights.data()[q * 6 + i]);
      const Real* heads = trace.maps[0].weights.data() + q * 6 + i;
      CHECK(shown == doctest::Approx((double(heads[0]) + double(heads[24])) / 2));
      total += shown;
    }
    CHECK(total == doctest::Approx(1));
  }
}

TEST_CASE("neural processes learn on a tiny pool") {
  for (const std::string kind : {"cnp", "anp"}) {
    CAPTURE(kind);
    const Progress found =
        progress("{\"kind\": \"" + kind + "\", \"hidden\": 32" + kEncoder, 100, 0.1, "train");
    CHECK(found.after.at("loss") < 0.7 * found.before.at("loss"));
    CHECK(found.after.at("accuracy") > 0.7);
  }
}
