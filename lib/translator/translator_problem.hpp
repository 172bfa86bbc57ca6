#pragma once
#include <functional>

#include "learner/problem.hpp"
#include "translator/decode.hpp"

namespace attune {

// A model with the pairs that it works on.
struct BoundTranslator {
  std::shared_ptr<const TranslationModel> model;
  std::shared_ptr<const PairPool> pool;
  std::shared_ptr<const SentenceTokens> tokens;
  Decoding decoding;
  std::function<PairEpisode(std::uint64_t)> episodes;
  std::function<SymbolEpisode(const PairEpisode&, std::uint64_t)> symbols;
};

// Learns to translate from the support: mean over the steps of all answers of a meta-batch of
// −log p of the next symbol, nats; steps whose symbol is none of the episode's do not count.
// Scores an episode as translation_scores, of the answers that are decoded. Every episode is
// answered on its own, so that its answers do not depend on others.
std::unique_ptr<Problem> translator_problem(BoundTranslator bound);

// The answers of one episode as text.
std::vector<std::string> translate(const BoundTranslator& bound, const Params& params,
                                   std::uint64_t number);

}  // namespace attune
