#pragma once
#include "attention/transformer.hpp"
#include "nn/embedding.hpp"
#include "translator/pair_layout.hpp"
#include "translator/translation_model.hpp"

namespace attune {

// Sources of all pairs, encoded.
struct EncodedSources {
  Var each;   // (P,W,D)
  Var whole;  // (P,D): their mean, projected
};

// What a model's stacks are given: features of words, of the items of the memory and of the steps
// of an answer. A target item is the sum of an embedding of each symbol around it, so that stacks
// need not find out first what stands next to what; of its place; and of its pair's source.
// The symbols before a place are embedded alike in the memory and in answers.
class PairEmbedding {
 public:
  // Config: "features", "window", "sentence", the transformer of a source, and "alphabet", which is
  // the number of known pieces where symbols are fixed.
  PairEmbedding(const Config& config, const KnownTokens& known);
  void init(Params& params, Rng& rng) const;
  std::size_t features() const { return features_; }
  std::size_t alphabet() const { return alphabet_; }
  bool fixed() const { return fixed_; }
  std::size_t symbols() const { return kFirstSymbol + alphabet_; }  // V
  std::size_t window() const { return earlier_.size(); }

  EncodedSources sources(const Params& params, const PairLayout& layout, Context& context) const;
  Var memory(const Params& params, const PairLayout& layout,
             const EncodedSources& sources) const;  // (B,S,D)
  // Words of the queries as the first steps of their answers, (R,W,D).
  Var asked(const Params& params, const PairLayout& layout, const EncodedSources& sources) const;
  // Steps, (places,D).
  Var steps(const Params& params, const TargetPlaces& places, const EncodedSources& sources) const;

 private:
  Var around(const Params& params, const TargetPlaces& places, const EncodedSources& sources) const;
  Var side(const Params& params, std::uint32_t which) const;  // (1,D)

  std::size_t features_;
  bool fixed_;
  std::size_t alphabet_;
  Embedding word_, symbol_, next_, side_;
  std::vector<Embedding> earlier_;
  Transformer sentence_;
  Linear bind_, from_end_;
};

}  // namespace attune
