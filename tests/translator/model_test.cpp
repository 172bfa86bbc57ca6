// What every model promises, for all registered kinds.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "array/parallel.hpp"
#include "translator/tiny_translation.hpp"

using namespace attune;

namespace {

constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 2e-4;

// Configurations to hold all promises to: every kind, and what can be swapped.
std::vector<std::string> models() {
  std::vector<std::string> all;
  for (const std::string& kind : TranslationModelRegistry::names()) all.push_back(tiny_model(kind));
  for (const char* more :
       {R"({"later": 3, "pointer": {"start": "alike"}})", R"({"association": true})",
        R"({"proposals": "analogy", "agreement": true})", R"({"output": "copy"})",
        R"({"output": "generate"})",
        R"({"pointer": {"normaliser": {"kind": "sparsemax"}, "score": {"kind": "cosine"}}})",
        R"({"decoder": {"memory": {"normaliser": {"kind": "top_k"}}}})"})
    all.push_back(tiny_model("transformer", more));
  all.push_back(tiny_model("lstm", R"({"proposals": "analogy", "agreement": true})"));
  return all;
}

Array probabilities(const TinyTranslation& tiny, const std::vector<SymbolEpisode>& episodes) {
  Context context;
  return tiny.model->probabilities(tiny.params, PairLayout(episodes, tiny.model->window()), context)
      .value();
}

// Row `row` of step `step` of probabilities (R·T,V).
std::vector<double> row_of(const Array& p, std::size_t steps, std::size_t row, std::size_t step) {
  const std::size_t symbols = p.dim(1);
  const Real* from = p.data() + (row * steps + step) * symbols;
  return {from, from + symbols};
}

// Gives the weight of a name these values.
void set(Params& params, const std::string& name, const std::vector<Real>& values) {
  bool found = false;
  params.change([&](std::size_t, const std::string& one, Array& weight) {
    if (one != name) return;
    found = true;
    REQUIRE(weight.size() == values.size());
    std::ranges::copy(values, weight.mutable_data());
  });
  REQUIRE(found);
}

void check_close(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == doctest::Approx(b[i]).epsilon(kClose));
}

}  // namespace

TEST_CASE("probabilities add up to 1, and only symbols of the episode and the end have any") {
  for (const std::string& config : models()) {
    CAPTURE(config);
    const TinyTranslation tiny(config);
    const SymbolEpisode episode = tiny.episode(0, 5, 3);
    std::vector<bool> known(kFirstSymbol + 12, false);
    known[kEnd] = true;
    for (const SymbolPair& pair : episode.support)
      for (const std::uint32_t symbol : pair.symbol) known[symbol] = true;
    const Array p = probabilities(tiny, {episode});
    for (std::size_t row = 0; row < p.dim(0); ++row) {
      double total = 0;
      for (std::size_t s = 0; s < p.dim(1); ++s) {
        const double one = double(p.data()[row * p.dim(1) + s]);
        CHECK(one >= 0);
        if (!known[s]) CHECK(one == 0);
        total += one;
      }
      CHECK(total == doctest::Approx(1).epsilon(1e-5));
    }
  }
}

TEST_CASE("step by step with what was kept as all steps at once, for chosen rows too") {
  for (const std::string& config : models()) {
    CAPTURE(config);
    const TinyTranslation tiny(config);
    const std::vector<SymbolEpisode> episodes = {tiny.episode(1, 6, 3)};
    const PairLayout layout(episodes, tiny.model->window());
    const Array p = probabilities(tiny, episodes);
    const auto writer = tiny.model->start(tiny.params, layout);
    Indices rows{0, 1, 2}, last(3, kBegin);
    for (std::size_t t = 0; t < layout.steps; ++t) {
      const Array log_p = writer->step(last);
      REQUIRE(log_p.dim(0) == rows.size());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& symbols = episodes[0].query[rows[i]].symbol;
        if (t > symbols.size()) continue;
        std::vector<double> stepped = row_of(log_p, 1, i, 0);
        for (double& one : stepped) one = std::exp(one);
        check_close(stepped, row_of(p, layout.steps, rows[i], t));
      }
      if (t == 0) {
        rows = {2, 0, 2, 1};
        writer->select(rows);
      } else if (t == 1) {
        const Indices which{1, 0};
        rows = {0, 2};
        writer->select(which);
      }
      last.clear();
      for (const std::uint32_t row : rows) {
        const auto& symbols = episodes[0].query[row].symbol;
        last.push_back(t < symbols.size() ? symbols[t] : std::uint32_t{kEnd});
      }
    }
  }
}

TEST_CASE("other episodes of the batch and their padding change nothing") {
  for (const std::string& config : models()) {
    CAPTURE(config);
    const TinyTranslation tiny(config);
    const SymbolEpisode small = tiny.episode(0, 3, 2), large = tiny.episode(1, 7, 2);
    const PairLayout both({{small, large}}, tiny.model->window());
    const Array p = probabilities(tiny, {small, large});
    for (std::size_t e = 0; e < 2; ++e) {
      const SymbolEpisode& episode = e == 0 ? small : large;
      const PairLayout alone({&episode, 1}, tiny.model->window());
      const Array q = probabilities(tiny, {episode});
      for (std::size_t row = 0; row < 2; ++row)
        for (std::size_t t = 0; t <= episode.query[row].symbol.size(); ++t)
          check_close(row_of(p, both.steps, 2 * e + row, t), row_of(q, alone.steps, row, t));
    }
  }
}

TEST_CASE(
    "an answer does not hang on what comes later in it, on other queries, or on the order of "
    "the support") {
  for (const std::string& config : models()) {
    CAPTURE(config);
    const TinyTranslation tiny(config);
    const SymbolEpisode episode = tiny.episode(2, 6, 2);
    SymbolEpisode changed = episode;
    std::swap(changed.support[0], changed.support[4]);
    changed.query[1] = episode.support[3];
    changed.query[0].symbol[1] = changed.support[0].symbol[0];
    const Window window = tiny.model->window();
    const PairLayout before({&episode, 1}, window), after({&changed, 1}, window);
    const Array p = probabilities(tiny, {episode}), q = probabilities(tiny, {changed});
    for (std::size_t t = 0; t < 2; ++t)
      check_close(row_of(p, before.steps, 0, t), row_of(q, after.steps, 0, t));
  }
}

TEST_CASE("an answer hangs on the support, on the query's source and on what came before") {
  for (const std::string& kind : TranslationModelRegistry::names()) {
    CAPTURE(kind);
    const TinyTranslation tiny(tiny_model(kind));
    if (!tiny.model->reads_support()) continue;
    const SymbolEpisode episode = tiny.episode(2, 6, 1);
    const Window window = tiny.model->window();
    const PairLayout layout({&episode, 1}, window);
    const auto last = row_of(probabilities(tiny, {episode}), layout.steps, 0, 1);
    const auto differs = [&](const SymbolEpisode& changed) {
      const PairLayout other({&changed, 1}, window);
      CHECK(row_of(probabilities(tiny, {changed}), other.steps, 0, 1) != last);
    };
    SymbolEpisode changed = episode;
    std::swap(changed.support[0].symbol, changed.support[1].symbol);
    differs(changed);
    changed = episode;
    changed.query[0].word = episode.support[0].word;
    differs(changed);
    changed = episode;
    changed.query[0].symbol[0] = episode.query[0].symbol[0] == episode.support[0].symbol[0]
                                     ? episode.support[1].symbol[1]
                                     : episode.support[0].symbol[0];
    differs(changed);
  }
}

TEST_CASE("a model that follows proposals writes them, one that does not is as without") {
  for (const std::string kind : {"transformer", "lstm"}) {
    CAPTURE(kind);
    const TinyTranslation tiny(tiny_model(kind, R"({"proposals": "analogy"})"));
    const SymbolEpisode episode = tiny.episode(0, 6, 3);
    const PairLayout layout({&episode, 1}, tiny.model->window());
    const auto with = [&](Real follow) {
      Params params = tiny.params;
      set(params, "translator.output.follow.bias", {follow});
      Context context;
      TranslationMaps maps;
      const Array p = tiny.model->probabilities(params, layout, context, &maps).value();
      REQUIRE(maps.followed.shape() == Shape{layout.queries, layout.steps});
      for (std::size_t i = 0; i < maps.followed.size(); ++i) {
        const bool none = layout.forced.proposed[i] == kNone;
        if (none || follow < 0) CHECK(maps.followed.data()[i] == 0);
        if (!none && follow > 0) CHECK(maps.followed.data()[i] == 1);
      }
      return p;
    };
    const Array follows = with(1000), ignores = with(-1000), between = with(0);
    std::size_t proposed = 0;
    for (std::size_t i = 0; i < layout.forced.proposed.size(); ++i) {
      const std::uint32_t symbol = layout.forced.proposed[i];
      const auto at = [&](const Array& p) { return double(p.data()[i * p.dim(1) + symbol]); };
      if (symbol == kNone) continue;
      ++proposed;
      CHECK(at(follows) == doctest::Approx(1));
      CHECK(at(ignores) < 0.9);
      CHECK(at(between) > at(ignores));
    }
    CHECK(proposed > 3);
  }
}

TEST_CASE(
    "the longer what was written agrees with what stands before an item, the more it is read") {
  for (const std::string kind : {"transformer", "lstm"}) {
    CAPTURE(kind);
    const TinyTranslation tiny(tiny_model(kind, R"({"agreement": true, "output": "copy"})"));
    const SymbolEpisode episode = tiny.episode(0, 6, 1);
    const PairLayout layout({&episode, 1}, tiny.model->window());
    Params params = tiny.params;
    set(params, "translator.output.agree", {0, 0, 1000});
    Context context;
    TranslationMaps maps;
    tiny.model->probabilities(params, layout, context, &maps);
    double told = 0;
    const std::size_t items = layout.memory;
    for (std::size_t i = 0; i < layout.steps; ++i) {
      double all = 0;
      for (std::size_t s = 0; s < items; ++s)
        if (layout.forced.agreement[i * items + s] == 2)
          all += double(maps.copied.data()[i * items + s]);
      CHECK((all == doctest::Approx(1) || all == 0));
      told += all;
    }
    CHECK(told >= 1);
  }
}

TEST_CASE("a plain sequence-to-sequence model does not see the support") {
  const TinyTranslation tiny(tiny_model("seq2seq", R"({"target": {"symbols": "fixed"}})"));
  CHECK(!tiny.model->reads_support());
  SymbolEpisode episode = tiny.episode(2, 6, 2), changed = episode;
  std::swap(changed.support[0].symbol, changed.support[1].symbol);
  const Array p = probabilities(tiny, {episode}), q = probabilities(tiny, {changed});
  CHECK(std::ranges::equal(p.values(), q.values()));
}

TEST_CASE("one thread and two give the same bits") {
  for (const std::string& config : models()) {
    CAPTURE(config);
    const TinyTranslation tiny(config);
    const auto problem = translator_problem(tiny.bound(5, 3, {2, 0.6}));
    const std::uint64_t numbers[] = {0, 1, 2};
    const auto run = [&](int threads) {
      set_threads(threads);
      Context context;
      context.mode = Mode::train;
      return problem->gradients(tiny.params, numbers, context);
    };
    const Step one = run(1), two = run(2);
    set_threads(1);
    CHECK(one.loss == two.loss);
    for (std::size_t i = 0; i < one.gradients.size(); ++i)
      CHECK(std::ranges::equal(one.gradients[i].values(), two.gradients[i].values()));
  }
}

TEST_CASE(
    "every answered step of a meta-batch counts alike, in episodes of few steps and of many") {
  const TinyTranslation tiny(tiny_model("transformer"));
  const auto problem = translator_problem(tiny.bound(5, 3, {2, 0.6}));
  const auto loss = [&](std::vector<std::uint64_t> numbers) {
    Context context;
    return problem->gradients(tiny.params, numbers, context).loss;
  };
  double sum = 0, steps = 0;
  std::set<double> lengths;
  for (std::uint64_t number = 0; number < 4; ++number) {
    const SymbolEpisode episode = tiny.episode(number, 5, 3);
    const double own =
        static_cast<double>(PairLayout({&episode, 1}, tiny.model->window()).answered.size());
    sum += own * loss({number});
    steps += own;
    lengths.insert(own);
  }
  CHECK(lengths.size() > 1);
  CHECK(loss({0, 1, 2, 3}) == doctest::Approx(sum / steps).epsilon(1e-5));
}
