#include "translator/translator_problem.hpp"

#include <algorithm>
#include <numeric>

#include "array/parallel.hpp"
#include "base/cli.hpp"
#include "learner/shards.hpp"
#include "learner/translation.hpp"

namespace attune {
namespace {

constexpr Real kFloor = Real(1e-6);  // hard and sparse pointers can give an answer no weight

// Twice as long as the longest target of the support, and a few symbols, where that is more.
std::size_t longest_answer(const SymbolEpisode& episode, const Decoding& how) {
  std::size_t most = 0;
  for (const SymbolPair& pair : episode.support) most = std::max(most, pair.symbol.size());
  return std::max(2 * most + 5, how.longest);
}

// Symbols to be answered, ends of sentences among them.
double answers_in(const SymbolEpisode& episode) {
  std::size_t count = 0;
  for (const SymbolPair& pair : episode.query)
    count += pair.symbol.size() + 1 -
             static_cast<std::size_t>(std::ranges::count(pair.symbol, std::uint32_t{kOther}));
  return static_cast<double>(count);
}

Var loss_of(const TranslationModel& model, const Params& params, const SymbolEpisode& episode,
            Context& context) {
  const PairLayout layout({&episode, 1}, model.window());
  const Var p = model.probabilities(params, layout, context);
  return nll(gather(p, layout.answered), layout.answer, kFloor);
}

// The weights after the inner steps on an episode's support.
Params adapted(const BoundTranslator& bound, const Params& params, const SymbolEpisode& episode,
               Context& context) {
  const Recording scope;
  const SymbolEpisode own{episode.support, episode.support, episode.piece};
  Params now = params;
  for (std::size_t step = 0; step < bound.inner.steps; ++step) {
    const Vars weights = now.weights();
    Vars moved;
    for (const Var& gradient : grad(loss_of(*bound.model, now, own, context), weights))
      moved.push_back(
          leaf(kernel::sub(weights[moved.size()].value(),
                           kernel::scale(gradient.value(), static_cast<Real>(bound.inner.rate)))));
    now = now.with(moved);
  }
  return now;
}

class TranslatorEvaluator : public Evaluator {
 public:
  TranslatorEvaluator(BoundTranslator bound, Params params)
      : bound_(std::move(bound)), params_(std::move(params)) {}
  std::vector<Scores> operator()(std::span<const std::uint64_t> episodes) override {
    std::vector<Scores> scores(episodes.size());
    kernel::parallel_for(episodes.size(), [&](std::size_t i) {
      if (const int signal = stop_signal()) throw Stopped{signal};
      scores[i] = translation_scores(*bound_.pool, bound_.episodes(episodes[i]),
                                     translate(bound_, params_, episodes[i]));
    });
    return scores;
  }

 private:
  BoundTranslator bound_;
  Params params_;
};

class TranslatorProblem : public Problem {
 public:
  explicit TranslatorProblem(BoundTranslator bound) : bound_(std::move(bound)) {}
  Params init(Rng& rng) const override {
    Params params;
    bound_.model->init(params, rng);
    return params;
  }
  Step gradients(const Params& params, std::span<const std::uint64_t> numbers,
                 Context& context) override {
    std::vector<SymbolEpisode> episodes;
    for (const std::uint64_t number : numbers)
      episodes.push_back(bound_.symbols(bound_.episodes(number), number));
    std::vector<double> shares;
    for (const SymbolEpisode& episode : episodes) shares.push_back(answers_in(episode));
    const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
    for (double& share : shares) share /= all;
    return sum_of_shards(shares, [&](std::size_t i) {
      Context own = shard_context(context, i);
      if (bound_.inner.steps == 0) return step_at(params, episodes[i], own);
      return step_at(adapted(bound_, params, episodes[i], own), episodes[i], own);
    });
  }
  std::unique_ptr<Evaluator> evaluator(const Params& params) const override {
    return std::make_unique<TranslatorEvaluator>(bound_, params);
  }

 private:
  Step step_at(const Params& params, const SymbolEpisode& episode, Context& context) const {
    return step_of(loss_of(*bound_.model, params, episode, context), params);
  }

  BoundTranslator bound_;
};

}  // namespace

InnerSteps::InnerSteps(const Config& config)
    : steps(static_cast<std::size_t>(config.integer(
          "steps", 0, {0, 1000}, "gradient steps on the support before an episode is answered"))),
      rate(config.real("rate", 0.1, {0, 100}, "their learning rate")) {}

std::unique_ptr<Problem> translator_problem(BoundTranslator bound) {
  return std::make_unique<TranslatorProblem>(std::move(bound));
}

std::vector<Answer> answers_of(const BoundTranslator& bound, const Params& params,
                               const SymbolEpisode& episode) {
  const NoGrad scope;
  const PairLayout layout({&episode, 1}, bound.model->window());
  Context context;
  const Params own = adapted(bound, params, episode, context);
  const auto writer = bound.model->start(own, layout);
  return decode(*writer, layout.queries, longest_answer(episode, bound.decoding), bound.decoding);
}

std::string text_of(const BoundTranslator& bound, const SymbolEpisode& episode,
                    const Answer& answer) {
  std::vector<std::uint32_t> pieces;
  for (const std::uint32_t symbol : answer.symbols)
    pieces.push_back(episode.piece.at(symbol - kFirstSymbol));
  return bound.tokens->text(pieces);
}

std::vector<std::string> translate(const BoundTranslator& bound, const Params& params,
                                   std::uint64_t number) {
  const SymbolEpisode episode = bound.symbols(bound.episodes(number), number);
  std::vector<std::string> texts;
  for (const Answer& answer : answers_of(bound, params, episode))
    texts.push_back(text_of(bound, episode, answer));
  return texts;
}

}  // namespace attune
