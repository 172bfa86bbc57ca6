#include "translator/translator_problem.hpp"

#include <algorithm>

#include "base/cli.hpp"
#include "learner/translation.hpp"

namespace attune {
namespace {

constexpr Real kFloor = Real(1e-6);  // hard and sparse pointers can give an answer no weight

// Twice as long as the longest target of the support, and a few symbols.
std::size_t longest_answer(const SymbolEpisode& episode) {
  std::size_t most = 0;
  for (const SymbolPair& pair : episode.support) most = std::max(most, pair.symbol.size());
  return 2 * most + 5;
}

class TranslatorEvaluator : public Evaluator {
 public:
  TranslatorEvaluator(BoundTranslator bound, Params params)
      : bound_(std::move(bound)), params_(std::move(params)) {}
  std::vector<Scores> operator()(std::span<const std::uint64_t> episodes) override {
    std::vector<Scores> scores;
    for (const std::uint64_t number : episodes) {
      if (const int signal = stop_signal()) throw Stopped{signal};
      scores.push_back(translation_scores(*bound_.pool, bound_.episodes(number),
                                          translate(bound_, params_, number)));
    }
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
    Step step;
    Var mean_loss = loss(params, numbers, context);
    step.loss = static_cast<double>(mean_loss.value().item());
    for (Var& gradient : grad(std::move(mean_loss), params.weights()))
      step.gradients.push_back(std::move(gradient).take());
    return step;
  }
  std::unique_ptr<Evaluator> evaluator(const Params& params) const override {
    return std::make_unique<TranslatorEvaluator>(bound_, params);
  }

 private:
  // A function of its own, so that nothing but the result holds the graph.
  Var loss(const Params& params, std::span<const std::uint64_t> numbers, Context& context) const {
    std::vector<SymbolEpisode> episodes;
    for (const std::uint64_t number : numbers)
      episodes.push_back(bound_.symbols(bound_.episodes(number), number));
    const PairLayout layout(episodes, bound_.model->window());
    const Var p = bound_.model->probabilities(params, layout, context);
    return nll(gather(p, layout.answered), layout.answer, kFloor);
  }

  BoundTranslator bound_;
};

}  // namespace

std::unique_ptr<Problem> translator_problem(BoundTranslator bound) {
  return std::make_unique<TranslatorProblem>(std::move(bound));
}

std::vector<std::string> translate(const BoundTranslator& bound, const Params& params,
                                   std::uint64_t number) {
  const NoGrad scope;
  const SymbolEpisode episode = bound.symbols(bound.episodes(number), number);
  const PairLayout layout({&episode, 1}, bound.model->window());
  const auto writer = bound.model->start(params, layout);
  std::vector<std::string> texts;
  for (const Answer& answer :
       decode(*writer, layout.queries, longest_answer(episode), bound.decoding)) {
    std::vector<std::uint32_t> pieces;
    for (const std::uint32_t symbol : answer.symbols)
      pieces.push_back(episode.piece.at(symbol - kFirstSymbol));
    texts.push_back(bound.tokens->text(pieces));
  }
  return texts;
}

}  // namespace attune
