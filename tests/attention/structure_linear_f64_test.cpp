// Linear-cost attention against Katharopoulos et al. 2020, eq. 4, by plain loops over all pairs.
#include "attention/dense.hpp"
#include "autograd/check.hpp"

using namespace attune;
using namespace attune::dense;

namespace {

constexpr std::size_t kHeads = 2, kSize = 3;

std::string config(const std::string& map) {
  return "{\"kind\": \"linear\", \"heads\": 2, \"head_features\": 3, \"floor\": 1e-3, "
         "\"feature_map\": " +
         map + "}";
}

// Compares with weights in proportion to similarity(φ(q), φ(k)) of the projected features.
void compare(const Case& c, const std::function<double(const Row&, const Row&)>& similarity,
             double close) {
  Trace trace;
  const Rows found = c.run(&trace), queries = rows_of(c.query), support = rows_of(c.support);
  for (std::size_t q = 0; q < queries.size(); ++q) {
    Row weights(support.size(), 0.0);
    for (std::size_t h = 0; h < kHeads; ++h) {
      const auto head = [&](const Row& x, const std::string& name) {
        return part(plus(times(x, c.w(name + ".weight")), c.v(name + ".bias")), h * kSize, kSize);
      };
      Row alone;
      double total = 0;
      for (const Row& item : support) {
        alone.push_back(similarity(head(queries[q], "query"), head(item, "key")));
        total += alone.back();
      }
      for (double& w : alone) w /= total;
      check_rows({rows_of(trace.maps.at(0).weights).at(h * queries.size() + q)}, {alone}, close);
      for (std::size_t s = 0; s < alone.size(); ++s) weights[s] += alone[s] / kHeads;
    }
    check_rows({rows_of(trace.weights)[q]}, {weights}, close);
    Row p = c.by_label(weights);
    for (double& v : p) v = (1 - 1e-3) * v + 1e-3 / Case::kWays;
    check_log(found[q], p, close);
  }
}

}  // namespace

TEST_CASE("linear attention with elu + 1 and relu + ε") {
  compare(
      Case(config("{}")),
      [](const Row& q, const Row& k) {
        const auto map = [](double x) { return (x > 0 ? x + 1 : std::exp(x)) + 1e-6; };
        double total = 0;
        for (std::size_t i = 0; i < kSize; ++i) total += map(q[i]) * map(k[i]);
        return total;
      },
      1e-6);
  compare(
      Case(config("{\"kind\": \"relu\", \"epsilon\": 0.5}")),
      [](const Row& q, const Row& k) {
        double total = 0;
        for (std::size_t i = 0; i < kSize; ++i)
          total += (std::max(q[i], 0.0) + 0.5) * (std::max(k[i], 0.0) + 0.5);
        return total;
      },
      1e-6);
}

TEST_CASE("linear attention with random features") {
  const auto near = [](const std::string& count) {  // a small scale: estimates of little variance
    return Case(config("{\"kind\": \"random\", \"scale\": 0.5, \"count\": " + count + "}"));
  };
  const Case few = near("4");
  const Rows omega = rows_of(few.params.buffer("attention.random"));
  compare(
      few,
      [&](const Row& q, const Row& k) {
        const double root = std::sqrt(0.5);
        double total = 0;
        for (std::size_t m = 0; m < 4; ++m) {
          double a = 0, b = 0;
          for (std::size_t i = 0; i < kSize; ++i) {
            a += root * omega[i][m] * q[i] / std::sqrt(dot(q, q));
            b += root * omega[i][m] * k[i] / std::sqrt(dot(k, k));
          }
          total += std::exp(a + b);
        }
        return total;
      },
      1e-4);  // what keeps sums away from 0
  // With many it is softmax of cosines; with few it is not.
  const auto exact = [](const Row& q, const Row& k) {
    return std::exp(0.5 * dot(q, k) / std::sqrt(dot(q, q) * dot(k, k)));
  };
  const Case many = near("60000");
  compare(many, exact, 0.01);
  CHECK(std::abs(few.run()[0][0] - many.run()[0][0]) > 0.01);
}

TEST_CASE("derivatives of linear attention's other feature maps") {
  for (const std::string map : {"{\"kind\": \"relu\"}", "{\"kind\": \"random\", \"count\": 8}"}) {
    CAPTURE(map);
    const Case c(config(map));
    Rng rng(4, "derivatives");
    std::vector<Array> at{c.support, c.query};
    for (const Var& weight : c.params.weights()) at.push_back(weight.value());
    const DerivativeErrors errors = check_derivatives(
        [&](const Vars& x) {
          Context context;
          return c.structure->log_probabilities(c.params.with(Vars(x.begin() + 2, x.end())),
                                                {x[0], c.labels, Case::kWays, x[1]}, context,
                                                nullptr);
        },
        at, rng);
    CHECK(errors.first < 1e-5);
    CHECK(errors.second < 1e-4);
  }
}
