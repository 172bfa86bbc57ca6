// Cross-attention by several heads against Vaswani et al. 2017, §3.2.2, by plain loops.
#include "attention/dense.hpp"

using namespace attune;
using namespace attune::dense;

TEST_CASE("multi-head attention: class probabilities are the mean over heads") {
  for (const std::size_t heads : {1, 3}) {
    CAPTURE(heads);
    const std::size_t size = 5;
    const Case c("{\"kind\": \"multi_head\", \"heads\": " + std::to_string(heads) +
                 ", \"head_features\": 5}");
    Trace trace;
    const Rows found = c.run(&trace);
    const Rows queries = rows_of(c.query), support = rows_of(c.support);
    for (std::size_t q = 0; q < queries.size(); ++q) {
      Row weights(support.size(), 0.0);
      for (std::size_t h = 0; h < heads; ++h) {
        Row scores;
        for (const Row& item : support)
          scores.push_back(dot(part(times(queries[q], c.w("query.weight")), h * size, size),
                               part(times(item, c.w("key.weight")), h * size, size)) /
                           std::sqrt(double(size)));
        const Row alone = softmax(scores);
        check_rows({rows_of(trace.maps.at(0).weights).at(h * queries.size() + q)}, {alone});
        for (std::size_t s = 0; s < alone.size(); ++s) weights[s] += alone[s] / double(heads);
      }
      check_log(found[q], c.by_label(weights));
      check_rows({rows_of(trace.weights)[q]}, {weights});
    }
  }
}

TEST_CASE("multi-head attention: a normaliser with zeros goes through the floor") {
  const Case c(
      "{\"kind\": \"multi_head\", \"score\": {\"kind\": \"dot\"}, \"floor\": 0.25, "
      "\"normaliser\": {\"kind\": \"uniform\"}}");
  for (const Row& row : c.run()) {
    double total = 0;
    for (double p : row) total += std::exp(p);
    CHECK(total == doctest::Approx(1));
    CHECK(std::exp(row[1]) == doctest::Approx(0.75 * 3 / 7 + 0.25 / 3));
  }
}
