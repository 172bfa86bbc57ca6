// Models learn: to translate what was asked in training, and to use the support for it.
#include <doctest/doctest.h>

#include "nn/optimiser.hpp"
#include "translator/tiny_translation.hpp"

using namespace attune;

TEST_CASE("a model learns to translate numbers of base three from seven of the nine") {
  for (const std::string& kind : TranslationModelRegistry::names()) {
    CAPTURE(kind);
    TinyTranslation tiny(tiny_model(kind, R"(, "features": 16)"));
    const auto problem = translator_problem(tiny.bound(7, 2, {1, 0.6}));
    const auto adam = OptimiserRegistry::make(Config(), "adam");
    double first = 0, last = 0;
    for (std::uint64_t step = 0; step < 500; ++step) {
      const std::uint64_t numbers[] = {4 * step, 4 * step + 1, 4 * step + 2, 4 * step + 3};
      Context context;
      context.mode = Mode::train;
      const Step gained = problem->gradients(tiny.params, numbers, context);
      adam->update(tiny.params, gained.gradients, 0.005);
      if (step == 0) first = gained.loss;
      last = gained.loss;
    }
    CHECK(last < 0.25 * first);
    const std::vector<std::uint64_t> tests = {5000, 5001, 5002, 5003, 5004, 5005, 5006, 5007};
    double right = 0;
    for (const Scores& scores : (*problem->evaluator(tiny.params))(tests))
      right += scores.at("exact_match") / 8;
    CHECK(right > 0.6);
  }
}
