// Full context embeddings against Vinyals et al. 2016, appendix A, by plain loops.
#include "attention/dense.hpp"

using namespace attune;
using namespace attune::dense;

namespace {

double sigma(double x) { return 1 / (1 + std::exp(-x)); }

// One LSTM step from input x, what recurs r, and the cell c, which changes; returns h.
Row lstm(const Case& c, const std::string& name, const Row& x, const Row& r, Row& cell) {
  const Row z = plus(plus(times(x, c.w(name + ".input")), times(r, c.w(name + ".recurrent"))),
                     c.v(name + ".bias"));
  const std::size_t n = cell.size();
  Row h(n);
  for (std::size_t j = 0; j < n; ++j) {
    cell[j] = sigma(z[n + j]) * cell[j] + sigma(z[j]) * std::tanh(z[2 * n + j]);
    h[j] = sigma(z[3 * n + j]) * std::tanh(cell[j]);
  }
  return h;
}

Rows read_support(const Case& c, const Rows& x) {
  Rows g = x;
  for (const std::string name : {"forward", "backward"}) {
    Row h(Case::kD, 0.0), cell(Case::kD, 0.0);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t t = name == "forward" ? i : x.size() - 1 - i;
      h = lstm(c, name, x[t], h, cell);
      g[t] = plus(g[t], h);
    }
  }
  return g;
}

}  // namespace

TEST_CASE("full context embeddings with K reads of the support") {
  for (const std::size_t steps : {1, 4}) {
    CAPTURE(steps);
    const Case c("{\"kind\": \"full_context\", \"steps\": " + std::to_string(steps) + "}");
    Trace trace;
    const Rows found = c.run(&trace), queries = rows_of(c.query);
    const Rows g = read_support(c, rows_of(c.support));
    REQUIRE(trace.maps.size() == steps);
    for (std::size_t q = 0; q < queries.size(); ++q) {
      Row h = queries[q], cell(Case::kD, 0.0);
      for (std::size_t k = 0; k < steps; ++k) {
        Row scores;
        for (const Row& item : g) scores.push_back(dot(h, item));
        const Row a = softmax(scores);
        check_rows({rows_of(trace.maps[k].weights)[q]}, {a});
        h = plus(lstm(c, "query", queries[q], joined(h, mixed(a, g)), cell), queries[q]);
      }
      Row weights;
      check_log(found[q], c.readout(h, g, &weights));
      check_rows({rows_of(trace.weights)[q]}, {weights});
    }
  }
}
