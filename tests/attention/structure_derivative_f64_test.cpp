// Both derivatives of every attention structure against central differences.
#include <doctest/doctest.h>

#include "attention/structure.hpp"
#include "autograd/check.hpp"
#include "random_array.hpp"

using namespace attune;

TEST_CASE("first and second derivatives of every structure") {
  Rng rng(5, "structure-derivatives");
  const Indices labels{0, 1, 1, 0, 2};
  for (const std::string& kind : StructureRegistry::names()) {
    CAPTURE(kind);
    const auto structure = StructureRegistry::make(
        Config::parse("{\"kind\": \"" + kind + "\"}", "test"), "", 4, "attention");
    Params params;
    structure->init(params, rng);
    std::vector<Array> at{random_array({5, 4}, rng), random_array({2, 4}, rng)};
    for (const Var& weight : params.weights()) at.push_back(weight.value());
    const auto log_p = [&](const Vars& x) {
      const Vars weights(x.begin() + 2, x.end());
      Context context;  // the same draws in each call
      return structure->log_probabilities(params.with(weights), {x[0], labels, 3, x[1]}, context,
                                          nullptr);
    };
    const DerivativeErrors errors = check_derivatives(log_p, at, rng);
    CHECK(errors.first < 1e-5);
    CHECK(errors.second < 1e-4);
  }
}
