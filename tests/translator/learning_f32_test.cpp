// Models learn: to translate what was asked in training, and to use the support for it.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "nn/optimiser.hpp"
#include "translator/tiny_translation.hpp"

using namespace attune;

namespace {

// The share of right answers of a model of a kind that begins with weights of this seed.
double right_after_training(const std::string& kind, std::uint64_t seed) {
  const bool support = kind != "seq2seq";  // without it there is one language to know by heart
  TinyTranslation tiny(
      tiny_model(kind, support ? R"({"features": 16})"
                               : R"({"features": 16, "target": {"symbols": "fixed"}})"),
      seed);
  const auto problem = translator_problem(tiny.bound(7, 2, {1, 0.6}));
  const auto adam = OptimiserRegistry::make(Config(), "adam");
  double first = 0, last = 0;
  const std::uint64_t steps = support ? 1500 : 750;
  for (std::uint64_t step = 0; step < steps; ++step) {
    const std::uint64_t numbers[] = {4 * step, 4 * step + 1, 4 * step + 2, 4 * step + 3};
    Context context;
    context.mode = Mode::train;
    const Step gained = problem->gradients(tiny.params, numbers, context);
    // Its second half ever slower, so that what was learned does not hang on the last few steps.
    const double left = 1 - static_cast<double>(step) / static_cast<double>(steps);
    adam->update(tiny.params, gained.gradients, 0.005 * std::min(1.0, 2 * left));
    if (step == 0) first = gained.loss;
    last = gained.loss;
  }
  CHECK(last < 0.25 * first);
  const std::vector<std::uint64_t> tests = {5000, 5001, 5002, 5003, 5004, 5005, 5006, 5007};
  double right = 0;
  for (const Scores& scores : (*problem->evaluator(tiny.params))(tests))
    right += scores.at("exact_match") / 8;
  return right;
}

}  // namespace

// The recurrent model finds out suddenly that the support helps, from about every second start.
TEST_CASE("a model learns to translate numbers of base three from seven of the nine") {
  for (const std::string& kind : TranslationModelRegistry::names()) {
    CAPTURE(kind);
    double right = 0;
    for (std::uint64_t seed = 4; right <= 0.9 && seed < (kind == "lstm" ? 9 : 5); ++seed)
      right = right_after_training(kind, seed);
    CHECK(right > 0.9);
  }
}

TEST_CASE("steps on the support, from weights that were learned for them, make answers better") {
  TinyTranslation tiny(
      tiny_model("seq2seq", R"({"features": 16, "target": {"symbols": "fixed"}})"));
  InnerSteps inner;
  inner.steps = 3;
  inner.rate = 0.2;
  // Every episode calls the words otherwise, so that weights alone can't know them.
  const auto exchanging = [&](InnerSteps steps) {
    BoundTranslator bound = tiny.bound(7, 2, {1, 0.6}, steps);
    bound.symbols = [known = tiny.symbols](const PairEpisode& of, std::uint64_t number) {
      SymbolEpisode episode = (*known)(of, number);
      Indices other(kFirstSymbol + 10);
      std::iota(other.begin(), other.end(), 0u);
      Rng(1, "other", number % 2).shuffle(std::span(other).subspan(kFirstSymbol));
      for (auto* side : {&episode.support, &episode.query})
        for (SymbolPair& pair : *side)
          for (std::uint32_t& symbol : pair.symbol) symbol = other[symbol];
      return episode;
    };
    return bound;
  };
  const auto problem = translator_problem(exchanging(inner));
  const auto adam = OptimiserRegistry::make(Config(), "adam");
  for (std::uint64_t step = 0; step < 150; ++step) {
    const std::uint64_t numbers[] = {2 * step, 2 * step + 1};
    Context context;
    context.mode = Mode::train;
    adam->update(tiny.params, problem->gradients(tiny.params, numbers, context).gradients, 0.01);
  }
  const std::uint64_t tests[] = {5000, 5001, 5002, 5003, 5004, 5005};
  const auto loss = [&](InnerSteps steps) {
    Context context;
    return translator_problem(exchanging(steps))->gradients(tiny.params, tests, context).loss;
  };
  CHECK(loss(inner) < 0.7 * loss({}));
}

TEST_CASE("answers may be much longer than all targets of the support") {
  // Of a model that never ends: all weight of a decoder's end is taken away by its bias.
  TinyTranslation tiny(
      tiny_model("seq2seq", R"({"features": 16, "target": {"symbols": "fixed"}})"));
  tiny.params.change([](std::size_t, const std::string& name, Array& weight) {
    if (name == "translator.output.generate.bias") weight.mutable_data()[kEnd] = -100;
  });
  for (const std::size_t longest : {3u, 40u}) {
    const BoundTranslator bound = tiny.bound(5, 2, {1, 0, longest});
    const SymbolEpisode episode = bound.symbols(bound.episodes(0), 0);
    std::size_t most = 0;
    for (const SymbolPair& pair : episode.support) most = std::max(most, pair.symbol.size());
    for (const Answer& answer : answers_of(bound, tiny.params, episode))
      CHECK(answer.symbols.size() == std::max(2 * most + 5, longest));
  }
}
