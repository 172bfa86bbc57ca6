#pragma once
#include <memory>

#include "nn/module.hpp"
#include "translator/pair_layout.hpp"

namespace attune {

// What a model attended to while it answered, for explanation. Rows are queries, columns the items
// of the episode's memory.
struct TranslationMaps {
  Array copied;  // (R,T,S): the pointer's weights at each step; rank 0 where nothing is copied
  // (R,T): the share of the proposal in each step, 0 where it has nothing to say; rank 0 where no
  // proposals are told.
  Array followed;
  std::vector<Array> memory;  // (H,R·T,S) of each layer that attends to the memory
};

// Answers of one episode under way, a row each; at first one for each query.
struct AnswerWriter {
  virtual ~AnswerWriter() = default;
  // Log-probabilities (rows,V) of what comes after `last`, which is kBegin at first.
  virtual Array step(const Indices& last) = 0;
  // Goes on with these rows, in this order; a row may come several times or not at all.
  virtual void select(const Indices& rows) = 0;
};

// Gives, for the queries of episodes, the probability of each next symbol of the answer; has seen
// the support, and of the query's target only what comes before. One file each; its last line
// registers it. V = kFirstSymbol + alphabet.
class TranslationModel {
 public:
  virtual ~TranslationModel() = default;
  virtual std::size_t alphabet() const = 0;  // symbols there are for an episode
  virtual bool fixed() const = 0;            // whether they are those of fixed_symbols()
  virtual Window window() const = 0;         // of the layouts
  virtual bool reads_support() const { return true; }
  virtual void init(Params& params, Rng& rng) const = 0;
  // (R·T,V), for all steps of all answers.
  virtual Var probabilities(const Params& params, const PairLayout& layout, Context& context,
                            TranslationMaps* maps = nullptr) const = 0;
  // A layout of one episode. Keeps references to the weights and the layout.
  virtual std::unique_ptr<AnswerWriter> start(const Params& params,
                                              const PairLayout& layout) const = 0;
};
// What a model knows: numbers of source words and of different target tokens.
struct KnownTokens {
  std::size_t words = 1, pieces = 1;
};
using TranslationModelRegistry = Registry<TranslationModel, const KnownTokens&>;
// Whether target tokens have fixed symbols: "target" {"symbols"}, "anonymous" or "fixed".
bool fixed_symbols(const Config& config);

}  // namespace attune
