#include <doctest/doctest.h>

#include "attention/structure.hpp"
#include "random_array.hpp"

using namespace attune;

TEST_CASE("tiled equals cross for every score that is a product; others are refused") {
  constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 2e-4;
  Rng rng(4, "tiled-structure");
  const Indices labels{0, 1, 2, 0, 1, 2};
  const Var support = leaf(random_array({6, 5}, rng)), query = leaf(random_array({4, 5}, rng));
  for (const std::string score : {"dot", "scaled_dot", "cosine", "bilinear", "squared_euclidean"}) {
    CAPTURE(score);
    std::vector<Array> found;
    for (const std::string kind : {"cross", "tiled"}) {
      const auto structure = StructureRegistry::make(
          Config::parse(R"({"kind": ")" + kind + R"(", "score": {"kind": ")" + score + R"("}})",
                        "test"),
          "", 5, "attention");
      Params params;
      Rng init(1, "init");
      structure->init(params, init);
      Context context;
      Trace trace;
      const Var log_p =
          structure->log_probabilities(params, {support, labels, 3, query}, context, &trace);
      const Vars gradient = grad(sum(square(log_p)), {support, query});
      found.insert(found.end(),
                   {log_p.value(), trace.weights, gradient[0].value(), gradient[1].value()});
    }
    for (std::size_t part = 0; part < 4; ++part)
      for (std::size_t i = 0; i < found[part].size(); ++i)
        CHECK(double(found[part].data()[i]) ==
              doctest::Approx(double(found[part + 4].data()[i])).epsilon(kClose));
  }
  CHECK_THROWS_AS(StructureRegistry::make(
                      Config::parse(R"({"kind": "tiled", "score": {"kind": "additive"}})", "test"),
                      "", 5, "attention"),
                  UsageError);
}
