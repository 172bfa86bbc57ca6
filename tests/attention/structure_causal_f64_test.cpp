// SNAIL against Mishra et al. 2018, §3, by plain loops: each query with the whole sequence anew.
#include "attention/dense.hpp"

using namespace attune;
using namespace attune::dense;

namespace {

Row through(const Case& c, const std::string& name, const Row& x) {
  return plus(times(x, c.w(name + ".weight")), c.v(name + ".bias"));
}

void attend(const Case& c, const std::string& name, Rows& x, Row& last) {
  Rows k, v, next;
  for (std::size_t t = 0; t < x.size(); ++t) {
    k.push_back(through(c, name + ".key", x[t]));
    v.push_back(through(c, name + ".value", x[t]));
    Row scores;
    for (std::size_t s = 0; s <= t; ++s)
      scores.push_back(dot(through(c, name + ".query", x[t]), k[s]) /
                       std::sqrt(double(k[s].size())));
    last = softmax(scores);
    next.push_back(joined(x[t], mixed(last, v)));
  }
  x = next;
}

void convolve(const Case& c, const std::string& name, std::size_t dilation, Rows& x) {
  const Rows before = x;
  for (std::size_t t = 0; t < x.size(); ++t) {
    Row z = through(c, name + ".now", before[t]);
    if (t >= dilation) z = plus(z, times(before[t - dilation], c.w(name + ".past.weight")));
    Row y(z.size() / 2);
    for (std::size_t j = 0; j < y.size(); ++j)
      y[j] = std::tanh(z[j]) / (1 + std::exp(-z[y.size() + j]));
    x[t] = joined(x[t], y);
  }
}

}  // namespace

TEST_CASE("causal attention: the cached prefix gives what each whole sequence gives") {
  constexpr std::size_t kMaxWays = 5;
  // 32: dilations beyond the sequence; 4 items: one that reaches just before it.
  for (const auto& [length, kept] : {std::pair<std::size_t, std::size_t>{4, 7}, {32, 7}, {32, 4}}) {
    CAPTURE(length);
    CAPTURE(kept);
    Case c(
        "{\"kind\": \"causal\", \"max_ways\": 5, \"filters\": 3, \"key_features\": 2, "
        "\"value_features\": 4, \"length\": " +
        std::to_string(length) + "}");
    c.labels.resize(kept);
    c.support = kernel::slice(c.support, 0, 0, kept);
    Trace trace;
    const Rows found = c.run(&trace), queries = rows_of(c.query), support = rows_of(c.support);
    const std::size_t items = support.size();
    for (std::size_t q = 0; q < queries.size(); ++q) {
      Rows x;
      for (std::size_t s = 0; s <= items; ++s) {
        Row code(kMaxWays, 0.0);
        if (s < items) code[c.labels[s]] = 1;
        x.push_back(joined(s < items ? support[s] : queries[q], code));
      }
      Row weights;
      attend(c, "attention1", x, weights);
      for (const std::string b : {"1", "2"}) {
        for (std::size_t dilation = 1; dilation < length; dilation *= 2)
          convolve(c, "convolution" + b + ".dilation" + std::to_string(dilation), dilation, x);
        attend(c, b == "1" ? "attention2" : "attention3", x, weights);
      }
      const Row y = through(c, "out", x.back());
      check_log(found[q], softmax(part(y, 0, Case::kWays)));
      check_rows({rows_of(trace.maps.back().weights)[q]}, {weights});
      weights.pop_back();
      double total = 0;
      for (double w : weights) total += w;
      for (double& w : weights) w /= total;
      check_rows({rows_of(trace.weights)[q]}, {weights});
    }
  }
}

TEST_CASE("causal attention refuses more classes than its label code has") {
  const Case c("{\"kind\": \"causal\", \"max_ways\": 2}");
  CHECK_THROWS_WITH_AS(c.run(),
                       "causal attention: max_ways: want at least the 3 classes of the episode, "
                       "have 2",
                       UsageError);
}
