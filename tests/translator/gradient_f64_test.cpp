// The gradient of the loss against differences of it, for every kind of model.
#include <doctest/doctest.h>

#include "translator/tiny_translation.hpp"

using namespace attune;

TEST_CASE("the gradient of the loss equals central differences") {
  for (const std::string& kind : TranslationModelRegistry::names()) {
    CAPTURE(kind);
    const TinyTranslation tiny(tiny_model(kind));
    const auto problem = translator_problem(tiny.bound(5, 2, {1, 0}));
    const std::uint64_t numbers[] = {1, 2};
    const auto run = [&](const Params& at) {
      Context context;
      context.mode = Mode::train;
      return problem->gradients(at, numbers, context);
    };
    const Vars weights = tiny.params.weights();
    const Step step = run(tiny.params);
    REQUIRE(step.gradients.size() == weights.size());
    Rng rng(2, "direction");
    for (std::size_t i = 0; i < weights.size(); ++i) {
      CAPTURE(tiny.params.names()[i]);
      const Array direction = random_array(weights[i].shape(), rng);
      const double h = 1e-7;
      const auto at = [&](double factor) {
        Vars moved = weights;
        moved[i] = leaf(kernel::add(weights[i].value(), kernel::scale(direction, Real(factor))));
        return run(tiny.params.with(moved)).loss;
      };
      const double slope =
          double(kernel::sum_all(kernel::mul(step.gradients[i], direction)).item());
      const double want = (at(h) - at(-h)) / (2 * h);
      CHECK(slope == doctest::Approx(want).epsilon(1e-4));
    }
  }
}
