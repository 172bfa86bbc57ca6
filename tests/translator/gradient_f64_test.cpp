// The gradient of the loss against differences of it, for every kind of model.
#include <doctest/doctest.h>

#include "translator/tiny_translation.hpp"

using namespace attune;

TEST_CASE("the gradient of the loss equals central differences") {
  std::vector<std::string> models;
  for (const std::string& kind : TranslationModelRegistry::names())
    models.push_back(tiny_model(kind));
  for (const char* kind : {"transformer", "lstm"})
    models.push_back(tiny_model(
        kind, R"({"association": true, "later": 2, "proposals": "analogy", "agreement": true})"));
  for (const std::string& config : models) {
    CAPTURE(config);
    const TinyTranslation tiny(config);
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

TEST_CASE("with inner steps the gradient is that of the answers at where they end") {
  const TinyTranslation tiny(tiny_model("seq2seq"));
  InnerSteps inner;
  inner.steps = 2;
  inner.rate = 0.05;
  const std::uint64_t numbers[] = {3};
  Context context;
  const Step step =
      translator_problem(tiny.bound(5, 2, {1, 0}, inner))->gradients(tiny.params, numbers, context);
  // By hand: two steps on the support, asked for what it tells.
  BoundTranslator own = tiny.bound(5, 2, {1, 0});
  own.symbols = [known = tiny.symbols](const PairEpisode& of, std::uint64_t number) {
    SymbolEpisode episode = (*known)(of, number);
    episode.query = episode.support;
    return episode;
  };
  const auto support = translator_problem(own);
  Params now = tiny.params;
  for (int i = 0; i < 2; ++i) {
    const Step down = support->gradients(now, numbers, context);
    now.change([&](std::size_t w, const std::string&, Array& weight) {
      weight = kernel::sub(weight, kernel::scale(down.gradients[w], Real(0.05)));
    });
  }
  const Step want = translator_problem(tiny.bound(5, 2, {1, 0}))->gradients(now, numbers, context);
  CHECK(double(step.loss) == doctest::Approx(want.loss).epsilon(1e-10));
  for (std::size_t w = 0; w < want.gradients.size(); ++w)
    for (std::size_t i = 0; i < want.gradients[w].size(); ++i)
      CHECK(double(step.gradients[w].data()[i]) ==
            doctest::Approx(double(want.gradients[w].data()[i])).epsilon(1e-9));
}
