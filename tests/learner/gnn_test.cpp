#include <doctest/doctest.h>

#include <set>

#include "learner/plain_layers.hpp"
#include "learner/query_graphs.hpp"
#include "random_array.hpp"

using namespace attune;
using namespace attune::plain;

namespace {

constexpr std::size_t kFeatures = 64, kFields = 5;
constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 1e-3;

std::string config_of(std::size_t layers, const std::string& adjacency, std::size_t ways = 5) {
  return "{\"kind\": \"gnn\", \"ways\": " + std::to_string(ways) +
         ", \"layers\": " + std::to_string(layers) + ", \"width\": 4, \"adjacency\": " + adjacency +
         ", \"encoder\": {\"kind\": \"conv4\", \"filters\": 16, \"blocks\": 2}}";
}

// Row i of the adjacency: softmax over all other nodes.
Row edges(const FreshLearner& fresh, const std::string& name, const std::vector<Row>& x,
          std::size_t i) {
  Row weight(x.size());
  double total = 0;
  for (std::size_t j = 0; j < x.size(); ++j) {
    if (i == j) continue;
    Row y(x[i].size());
    for (std::size_t f = 0; f < y.size(); ++f) y[f] = std::abs(x[i][f] - x[j][f]);
    for (std::size_t k = 1; fresh.params.has(name + ".layer" + std::to_string(k) + ".weight"); ++k)
      y = relu(fresh_norm(linear(fresh, name + ".layer" + std::to_string(k), y)));
    weight[j] = std::exp(linear(fresh, name + ".last", y)[0]);
    total += weight[j];
  }
  for (double& one : weight) one /= total;
  return weight;
}

Row step(const FreshLearner& fresh, const std::string& name, const std::vector<Row>& x,
         std::size_t i) {
  const Row weight = edges(fresh, name + ".edges", x, i);
  Row neighbours(x[i].size());
  for (std::size_t j = 0; j < x.size(); ++j) neighbours = plus(neighbours, x[j], weight[j]);
  return linear(fresh, name, joined(x[i], neighbours));
}

// The graph of one query.
Row logits_of(const FreshLearner& fresh, std::size_t layers, const Array& support,
              const Indices& labels, std::size_t ways, const Row& query) {
  std::vector<Row> x;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    Row field(kFields);
    field[labels[i]] = 1;
    x.push_back(joined(row_of(support, i), field));
  }
  Row unknown(kFields);
  for (std::size_t n = 0; n < ways; ++n) unknown[n] = 1 / static_cast<double>(ways);
  x.push_back(joined(query, unknown));
  for (std::size_t layer = 1; layer <= layers; ++layer) {
    std::vector<Row> next;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Row added = step(fresh, "graph.layer" + std::to_string(layer), x, i);
      next.push_back(joined(x[i], relu(fresh_norm(added), 0.01)));
    }
    x = next;
  }
  Row logits = step(fresh, "graph.last", x, x.size() - 1);
  logits.resize(ways);
  return logits;
}

}  // namespace

TEST_CASE("gnn: each query's logits are those of its own graph, however many are asked") {
  Rng rng(3, "gnn");
  const Indices labels{1, 0, 1, 2, 4, 2, 3};
  for (const std::size_t layers : {1, 3})
    for (const std::string adjacency : {"[16, 3]", "[]"})
      for (const std::size_t ways : {5, 3}) {
        CAPTURE(layers);
        CAPTURE(adjacency);
        const FreshLearner fresh(config_of(layers, adjacency), {Shape{1, 8, 8}});
        const std::size_t items = ways == 5 ? 7 : 4;
        const Indices own(labels.begin(), labels.begin() + std::ptrdiff_t(items));
        const Array support = random_array({items, kFeatures}, rng, 0.3);
        const Array query = random_array({3, kFeatures}, rng, 0.3);
        const Array logits = fresh.logits(support, own, ways, query);
        REQUIRE(logits.shape() == Shape{3, ways});
        for (std::size_t q = 0; q < 3; ++q) {
          const Row want = logits_of(fresh, layers, support, own, ways, row_of(query, q));
          for (std::size_t n = 0; n < ways; ++n)
            CHECK(double(logits.data()[q * ways + n]) == doctest::Approx(want[n]).epsilon(kClose));
        }
      }
}

TEST_CASE("gnn: many queries go through in groups, with the answers that each has alone") {
  Rng rng(4, "gnn");
  const FreshLearner fresh(config_of(1, "[3]"), {Shape{1, 8, 8}});
  Indices labels;
  for (std::uint32_t i = 0; i < 120; ++i) labels.push_back(i % 5);
  const Array support = random_array({120, kFeatures}, rng, 0.3);
  const Array query = random_array({20, kFeatures}, rng, 0.3);
  const Array together = fresh.logits(support, labels, 5, query);
  for (std::size_t q = 0; q < 20; ++q) {
    const Array alone = fresh.logits(support, labels, 5, kernel::slice(query, 0, q, q + 1));
    for (std::size_t n = 0; n < 5; ++n)
      CHECK(double(together.data()[q * 5 + n]) ==
            doctest::Approx(double(alone.data()[n])).epsilon(kClose));
  }
}

TEST_CASE("gnn refuses more ways than it has label fields") {
  const FreshLearner fresh(config_of(1, "[3]", 2), {Shape{1, 8, 8}});
  const Array x = Array::zeros({3, kFeatures});
  CHECK_THROWS_WITH_AS(fresh.logits(x, {0, 1, 2}, 3, x),
                       "gnn: want episodes of at most 2 ways (its setting \"ways\"), have 3",
                       Error);
}

TEST_CASE("every entry of the graphs has a pair of its two nodes, and no pair comes twice") {
  for (const bool shared : {false, true})
    for (const bool of_query_only : {false, true}) {
      const QueryGraphs graphs{3, 4, shared};
      const GraphPairs pairs(graphs, of_query_only);
      const std::size_t rows = of_query_only ? 1 : 5;
      REQUIRE(pairs.left.size() == pairs.right.size());
      CHECK(pairs.left.size() == (of_query_only ? 12 : shared ? 6 + 12 : 30));
      REQUIRE(pairs.pair.size() == 3 * rows * 5);
      std::set<std::set<std::size_t>> seen;
      for (std::size_t p = 0; p < pairs.left.size(); ++p)
        CHECK(seen.insert({pairs.left[p], pairs.right[p]}).second);
      for (std::size_t entry = 0; entry < pairs.pair.size(); ++entry) {
        const std::size_t graph = entry / (rows * 5), b = entry % 5;
        const std::size_t a = of_query_only ? 4 : entry / 5 % 5;
        const std::size_t p = pairs.pair[entry];
        CHECK((p == pairs.left.size()) == (a == b));
        if (a == b) continue;
        CHECK(std::set<std::size_t>{pairs.left[p], pairs.right[p]} ==
              std::set<std::size_t>{graphs.row(graph, a), graphs.row(graph, b)});
      }
    }
}

TEST_CASE("gnn learns on a tiny pool") {
  const Progress found = progress(config_of(1, "[16]"), 100, 0.3, "train");
  CHECK(found.after.at("loss") < 0.7 * found.before.at("loss"));
  CHECK(found.after.at("accuracy") > 0.7);
}
