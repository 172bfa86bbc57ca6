#pragma once
#include <functional>

#include "learner/problem.hpp"
#include "translator/decode.hpp"

namespace attune {

// Gradient steps on the support before an episode is answered: MAML's inner loop, whose outer
// gradient is taken at where it ends (first order: Finn et al. 2017, §5.2). Config "steps", "rate".
struct InnerSteps {
  InnerSteps() = default;
  explicit InnerSteps(const Config& config);
  std::size_t steps = 0;  // 0: none
  double rate = 0.1;
};

// A model with the pairs that it works on.
struct BoundTranslator {
  std::shared_ptr<const TranslationModel> model;
  std::shared_ptr<const PairPool> pool;
  std::shared_ptr<const SentenceTokens> tokens;
  Decoding decoding;
  InnerSteps inner;
  std::function<PairEpisode(std::uint64_t)> episodes;
  std::function<SymbolEpisode(const PairEpisode&, std::uint64_t)> symbols;
};

// Learns to translate from the support: mean over the steps of all answers of a meta-batch of
// −log p of the next symbol, nats; steps whose symbol is none of the episode's do not count.
// Scores an episode as translation_scores, of the answers that are decoded. Every episode is
// answered on its own, so that its answers do not depend on others.
std::unique_ptr<Problem> translator_problem(BoundTranslator bound);

// The answers of an episode as the model sees it, and one of them as text.
std::vector<Answer> answers_of(const BoundTranslator& bound, const Params& params,
                               const SymbolEpisode& episode);
std::string text_of(const BoundTranslator& bound, const SymbolEpisode& episode,
                    const Answer& answer);

// The answers of one episode as text.
std::vector<std::string> translate(const BoundTranslator& bound, const Params& params,
                                   std::uint64_t number);

}  // namespace attune
