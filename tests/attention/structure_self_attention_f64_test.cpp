// Structures in which the support attends to itself (FEAT, Ye et al. 2020, eq. 5–7; windows), by
// plain loops.
#include "attention/dense.hpp"

using namespace attune;
using namespace attune::dense;

namespace {

// LayerNorm(x_i + W_o[Σ_j α_ij W_v x_j]) where item i sees j.
Rows adapted(const Case& c, const Rows& x, std::size_t heads, std::size_t size,
             const std::function<bool(std::size_t, std::size_t)>& sees, Rows* map) {
  Rows result;
  std::vector<Rows> weights(heads);
  for (std::size_t i = 0; i < x.size(); ++i) {
    Row read;
    for (std::size_t h = 0; h < heads; ++h) {
      const auto head = [&](const Row& item, const std::string& name) {
        return part(times(item, c.w("self." + name + ".weight")), h * size, size);
      };
      Row numerators;
      Rows values;
      double total = 0;
      for (std::size_t j = 0; j < x.size(); ++j) {
        numerators.push_back(sees(i, j) ? std::exp(dot(head(x[i], "query"), head(x[j], "key")) /
                                                   std::sqrt(double(size)))
                                        : 0);
        total += numerators.back();
        values.push_back(head(x[j], "value"));
      }
      for (double& n : numerators) n /= total;
      weights[h].push_back(numerators);
      read = joined(read, mixed(numerators, values));
    }
    const Row out = plus(times(read, c.w("self.out.weight")), c.v("self.out.bias"));
    result.push_back(layer_norm(plus(x[i], out), c.v("self.norm.gamma"), c.v("self.norm.beta")));
  }
  map->clear();
  for (const Rows& head : weights) map->insert(map->end(), head.begin(), head.end());
  return result;
}

}  // namespace

TEST_CASE("set-to-set over support items") {
  for (const std::size_t heads : {1, 2}) {
    CAPTURE(heads);
    const Case c("{\"kind\": \"set_to_set\", \"self\": {\"head_features\": 3, \"heads\": " +
                 std::to_string(heads) + "}}");
    Trace trace;
    const Rows found = c.run(&trace), queries = rows_of(c.query);
    Rows map;
    const Rows support = adapted(
        c, rows_of(c.support), heads, 3, [](std::size_t, std::size_t) { return true; }, &map);
    check_rows(rows_of(trace.maps.at(0).weights), map);
    for (std::size_t q = 0; q < queries.size(); ++q) {
      Row weights;
      check_log(found[q], c.readout(queries[q], support, &weights));
      check_rows({rows_of(trace.weights)[q]}, {weights});
    }
  }
}

TEST_CASE("set-to-set over prototypes") {
  const Case c("{\"kind\": \"set_to_set\", \"over\": \"prototypes\"}");
  Trace trace;
  const Rows found = c.run(&trace), queries = rows_of(c.query), support = rows_of(c.support);
  Rows means(Case::kWays, Row(Case::kD, 0.0));
  Row count(Case::kWays, 0.0);
  for (std::uint32_t label : c.labels) ++count[label];
  for (std::size_t s = 0; s < support.size(); ++s)
    for (std::size_t d = 0; d < Case::kD; ++d)
      means[c.labels[s]][d] += support[s][d] / count[c.labels[s]];
  Rows map;
  const Rows prototypes = adapted(
      c, means, 1, Case::kD, [](std::size_t, std::size_t) { return true; }, &map);
  check_rows(rows_of(trace.maps.at(0).weights), map);
  for (std::size_t q = 0; q < queries.size(); ++q) {
    Row scores, shares;
    for (const Row& k : prototypes) scores.push_back(c.scale() * cosine(queries[q], k));
    const Row p = softmax(scores);
    check_log(found[q], p);
    for (std::uint32_t label : c.labels) shares.push_back(p[label] / count[label]);
    check_rows({rows_of(trace.weights)[q]}, {shares});
  }
}

TEST_CASE("set-to-set drops read features in training alone") {
  const Case c("{\"kind\": \"set_to_set\", \"self\": {\"dropout\": 0.9}}");
  const auto run = [&](Mode mode) {
    Context context;
    context.mode = mode;
    return rows_of(c.structure
                       ->log_probabilities(c.params,
                                           {constant(c.support), c.labels, 3, constant(c.query)},
                                           context, nullptr)
                       .value());
  };
  check_rows(run(Mode::evaluate), c.run());
  CHECK(std::abs(run(Mode::train)[0][0] - run(Mode::evaluate)[0][0]) > 1e-3);
}

TEST_CASE("windowed: an item sees no farther than the window") {
  for (const std::size_t window : {0, 1, 3, 100}) {
    CAPTURE(window);
    const Case c(
        "{\"kind\": \"windowed\", \"self\": {\"heads\": 2, \"head_features\": 3}, "
        "\"window\": " +
        std::to_string(window) + "}");
    Trace trace;
    const Rows found = c.run(&trace), queries = rows_of(c.query);
    Rows map;
    const auto near = [&](std::size_t i, std::size_t j) {
      return (i < j ? j - i : i - j) <= window;
    };
    const Rows support = adapted(c, rows_of(c.support), 2, 3, near, &map);
    check_rows(rows_of(trace.maps.at(0).weights), map);
    for (std::size_t q = 0; q < queries.size(); ++q) {
      Row weights;
      check_log(found[q], c.readout(queries[q], support, &weights));
      check_rows({rows_of(trace.weights)[q]}, {weights});
    }
  }
}
