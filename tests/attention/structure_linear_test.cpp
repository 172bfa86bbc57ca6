#include <doctest/doctest.h>

#include <cmath>

#include "attention/structure.hpp"
#include "random_array.hpp"

using namespace attune;

TEST_CASE("linear attention stays finite where all features of a query or of all keys vanish") {
  Rng rng(6, "vanishing");
  const Indices labels{0, 1, 0, 1};
  const Var support = leaf(random_array({4, 5}, rng)), query = leaf(random_array({3, 5}, rng));
  for (const std::string map : {"elu", "relu", "random"}) {
    for (const std::string side : {"query", "key"}) {
      CAPTURE(map);
      CAPTURE(side);
      const auto structure = StructureRegistry::make(
          Config::parse(R"({"kind": "linear", "feature_map": {"kind": ")" + map + R"("}})", "test"),
          "", 5, "attention");
      Params params;
      Rng init(1, "init");
      structure->init(params, init);
      params.change([&](std::size_t, const std::string& name, Array& value) {
        if (name == "attention." + side + ".bias") value = Array::full(value.shape(), Real(-100));
      });
      Context context;
      const Var log_p =
          structure->log_probabilities(params, {support, labels, 2, query}, context, nullptr);
      for (const Var& found : {log_p, grad(sum(square(log_p)), {support})[0]})
        for (std::size_t i = 0; i < found.shape().size(); ++i)
          CHECK(std::isfinite(double(found.value().data()[i])));
    }
  }
}
