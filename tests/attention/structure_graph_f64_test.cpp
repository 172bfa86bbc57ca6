// Graph attention against Veličković et al. 2018, eq. 1–5, by plain loops: one graph per query.
#include "attention/dense.hpp"

using namespace attune;
using namespace attune::dense;

namespace {

struct Sizes {
  std::size_t heads, features, layers;
  bool skip;
};

// One layer; `query_map` receives what the last node attends to, per head.
Rows layer(const Case& c, const std::string& name, const Sizes& sizes, const Rows& x,
           Rows& query_map) {
  const bool widened = x[0].size() != sizes.heads * sizes.features;
  Rows result;
  query_map.assign(sizes.heads, {});
  for (std::size_t i = 0; i < x.size(); ++i) {
    Row y;
    for (std::size_t h = 0; h < sizes.heads; ++h) {
      const std::string score = name + ".head" + std::to_string(h + 1) + ".score";
      Row a;
      for (const char* half : {".query", ".key"})
        for (const Row& value : c.w(score + half)) a.push_back(value[0]);
      Rows z;
      for (const Row& node : x)
        z.push_back(
            part(times(node, c.w(name + ".project.weight")), h * sizes.features, sizes.features));
      Row scores;
      for (const Row& other : z) {
        const double e = dot(a, joined(z[i], other));
        scores.push_back(e > 0 ? e : 0.2 * e);
      }
      query_map[h] = softmax(scores);
      y = joined(y, mixed(query_map[h], z));
    }
    if (sizes.skip) y = plus(y, widened ? times(x[i], c.w(name + ".skip.weight")) : x[i]);
    for (double& v : y) v = v > 0 ? v : std::exp(v) - 1;
    result.push_back(y);
  }
  return result;
}

}  // namespace

TEST_CASE("graph attention, every query in a graph of its own") {
  for (const Sizes sizes : {Sizes{4, 1, 2, true}, Sizes{2, 3, 3, true}, Sizes{1, 4, 1, false}}) {
    CAPTURE(sizes.heads);
    const Case c("{\"kind\": \"graph\", \"heads\": " + std::to_string(sizes.heads) +
                 ", \"head_features\": " + std::to_string(sizes.features) +
                 ", \"layers\": " + std::to_string(sizes.layers) +
                 ", \"skip\": " + (sizes.skip ? "true" : "false") + "}");
    Trace trace;
    const Rows found = c.run(&trace), queries = rows_of(c.query);
    REQUIRE(trace.maps.size() == 2 * sizes.layers);
    for (std::size_t q = 0; q < queries.size(); ++q) {
      Rows x = rows_of(c.support);
      x.push_back(queries[q]);
      for (std::size_t l = 0; l < sizes.layers; ++l) {
        Rows map;
        x = layer(c, "layer" + std::to_string(l + 1), sizes, x, map);
        const Rows shown = rows_of(trace.maps[2 * l].weights);
        for (std::size_t h = 0; h < sizes.heads; ++h)
          check_rows({shown[h * queries.size() + q]}, {map[h]});
      }
      const Row query = x.back();
      x.pop_back();
      Row weights;
      check_log(found[q], c.readout(query, x, &weights));
      check_rows({rows_of(trace.weights)[q]}, {weights});
    }
  }
}
