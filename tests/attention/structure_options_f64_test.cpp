// The options of the attention structures: each does something, and the parts inside can be
// swapped.
#include "attention/dense.hpp"

using namespace attune;
using namespace attune::dense;

namespace {

std::string with(const std::string& kind, const std::string& options) {
  return "{\"kind\": \"" + kind + "\"" + (options.empty() ? "" : ", ") + options + "}";
}

// The answers in training, since dropout is among the options.
Rows answers(const Case& c) {
  Context context;
  context.mode = Mode::train;
  return rows_of(c.structure
                     ->log_probabilities(
                         c.params, {constant(c.support), c.labels, Case::kWays, constant(c.query)},
                         context, nullptr)
                     .value());
}

}  // namespace

TEST_CASE("every option of a structure changes its answers") {
  const std::string uniform = "\"normaliser\": {\"kind\": \"uniform\"}";
  const std::string relu = "\"feature_map\": {\"kind\": \"relu\"";
  const std::string random = "\"feature_map\": {\"kind\": \"random\"";
  const struct {
    std::string kind, base, changed;
  } rows[] = {
      {"multi_head", "", "\"heads\": 2"},
      {"multi_head", "", "\"head_features\": 3"},
      {"multi_head", "", "\"score\": {\"kind\": \"cosine\"}"},
      {"multi_head", "", uniform},
      {"multi_head", uniform, uniform + ", \"floor\": 0.4"},
      {"set_to_set", "", "\"over\": \"prototypes\""},
      {"set_to_set", "", "\"score\": {\"kind\": \"dot\"}"},
      {"set_to_set", "", uniform},
      {"set_to_set", "", "\"self\": {\"heads\": 2}"},
      {"set_to_set", "", "\"self\": {\"head_features\": 3}"},
      {"set_to_set", "", "\"self\": {\"dropout\": 0.1}"},
      {"set_to_set", "", "\"self\": {\"score\": {\"kind\": \"additive\"}}"},
      {"set_to_set", "", "\"self\": {" + uniform + "}"},
      {"full_context", "", "\"steps\": 2"},
      {"full_context", "", "\"score\": {\"kind\": \"dot\"}"},
      {"full_context", "", "\"read\": {\"score\": {\"kind\": \"cosine\"}}"},
      {"full_context", "", "\"read\": {" + uniform + "}"},
      {"causal", "", "\"max_ways\": 4"},
      {"causal", "", "\"blocks\": 1"},
      {"causal", "", "\"length\": 8"},
      {"causal", "", "\"filters\": 5"},
      {"causal", "", "\"key_features\": 5"},
      {"causal", "", "\"value_features\": 5"},
      {"causal", "", "\"score\": {\"kind\": \"bilinear\"}"},
      {"causal", "", uniform},
      {"graph", "", "\"layers\": 1"},
      {"graph", "", "\"heads\": 2"},
      {"graph", "", "\"head_features\": 3"},
      {"graph", "", "\"skip\": false"},
      {"graph", "", "\"layer\": {\"score\": {\"slope\": 0.5}}"},
      {"graph", "", "\"layer\": {\"score\": {\"kind\": \"scaled_dot\"}}"},
      {"graph", "", "\"layer\": {" + uniform + "}"},
      {"graph", "", "\"score\": {\"kind\": \"dot\"}"},
      {"windowed", "", "\"window\": 1"},
      {"windowed", "", "\"self\": {\"heads\": 2}"},
      {"windowed", "", "\"score\": {\"kind\": \"dot\"}"},
      {"linear", "", "\"heads\": 2"},
      {"linear", "", "\"head_features\": 3"},
      {"linear", "", "\"floor\": 0.4"},
      {"linear", "", relu + "}"},
      {"linear", relu + "}", relu + ", \"epsilon\": 0.5}"},
      {"linear", "", random + "}"},
      {"linear", random + "}", random + ", \"count\": 5}"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.kind);
    CAPTURE(row.changed);
    const Rows before = answers(Case(with(row.kind, row.base)));
    const Rows after = answers(Case(with(row.kind, row.changed)));
    double most = 0;
    for (std::size_t q = 0; q < before.size(); ++q)
      for (std::size_t n = 0; n < before[q].size(); ++n)
        most = std::max(most, std::abs(before[q][n] - after[q][n]));
    CHECK(most > 1e-6);
  }
}

TEST_CASE("an option of another feature map is refused") {
  const Config config = Config::parse(with("linear", "\"feature_map\": {\"count\": 3}"), "test");
  StructureRegistry::make(config, "", 4, "attention");
  CHECK_THROWS_AS(config.finish(), UsageError);
}

TEST_CASE("with the uniform normaliser all that is in sight gets the same attention") {
  const std::string uniform = "\"normaliser\": {\"kind\": \"uniform\"}";
  for (const std::string& config :
       {with("multi_head", uniform), with("set_to_set", "\"self\": {" + uniform + "}"),
        with("full_context", "\"read\": {" + uniform + "}"), with("causal", uniform),
        with("graph", "\"layer\": {" + uniform + "}"),
        with("windowed", "\"self\": {" + uniform + "}")}) {
    CAPTURE(config);
    Trace trace;
    Case(config).run(&trace);
    REQUIRE_FALSE(trace.maps.empty());
    for (const Trace::Map& map : trace.maps)
      for (const Row& row : rows_of(map.weights)) {
        const double seen =
            double(std::count_if(row.begin(), row.end(), [](double w) { return w > 0; }));
        for (double w : row) CHECK((w == 0 || w == doctest::Approx(1 / seen)));
      }
  }
}
