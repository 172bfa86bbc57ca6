#pragma once
#include "nn/embedding.hpp"
#include "nn/linear.hpp"
#include "translator/pair_layout.hpp"
#include "translator/sentence_encoder.hpp"
#include "translator/translation_model.hpp"

namespace attune {

// Sources of all pairs, encoded.
struct EncodedSources {
  Var each;       // (P,W,D)
  Var whole;      // (P,D): their mean, projected
  Array present;  // (P,W)
};

// The words of its source that a place belongs to: their encodings, weighed by attention whose
// scores are association values, F of each word, times learned weights: softmax_w(a_w·v),
// projected. Weights <name>.score (F,1), all kSharp at first, and <name>.weight (D,D).
class Aligned {
 public:
  static constexpr Real kSharp = 4;
  Aligned(std::string name, std::size_t values, std::size_t features);
  void init(Params& params, Rng& rng) const;
  // → (places,D)
  Var operator()(const Params& params, const TargetPlaces& places,
                 const EncodedSources& sources) const;

 private:
  std::string name_;
  std::size_t values_;
  Linear bind_;
};

// "features" of a configuration: D, even, 64 by default.
std::size_t features_of(const Config& config);

// What a model's stacks are given: features of words, of the items of the memory and of the steps
// of an answer. A target item is the sum of an embedding of each symbol around it, so that stacks
// need not find out first what stands next to what; of its place; and of its pair's source.
// The symbols before a place are embedded alike in the memory and in answers.
class PairEmbedding {
 public:
  // Config: "window", "later", "association", "proposals", "agreement", and "alphabet", which is
  // the number of known pieces where symbols are fixed. sentence: reads sources, D features wide.
  // memory: false when memory() will not be asked for.
  PairEmbedding(const Config& config, const KnownTokens& known, std::size_t features,
                std::unique_ptr<SentenceEncoder> sentence, bool memory = true);
  void init(Params& params, Rng& rng) const;
  std::size_t features() const { return features_; }
  std::size_t alphabet() const { return alphabet_; }
  bool fixed() const { return fixed_; }
  std::size_t symbols() const { return kFirstSymbol + alphabet_; }  // V
  Window window() const {
    return {earlier_.size(), later_.size(), association_, proposals_, agreement_};
  }

  EncodedSources sources(const Params& params, const PairLayout& layout, Context& context) const;
  // Target items of the memory, (I,D).
  Var items(const Params& params, const PairLayout& layout, const EncodedSources& sources) const;
  // Items, and the words of the sources, at their places in the memory: (B,S,D).
  Var memory(const Params& params, const PairLayout& layout, const EncodedSources& sources,
             const Var& items) const;
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
  Embedding word_, symbol_, side_;
  std::vector<Embedding> earlier_, later_;
  std::unique_ptr<SentenceEncoder> sentence_;
  bool memory_;
  Linear bind_, from_end_;
  bool association_;
  Aligned around_, before_;
  bool proposals_, agreement_;
  Embedding proposed_, votes_;
};

}  // namespace attune
