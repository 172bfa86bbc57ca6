#pragma once
#include <optional>

#include "encoder/encoder.hpp"
#include "encoder/text_input.hpp"
#include "nn/dropout.hpp"
#include "nn/embedding.hpp"
#include "nn/linear.hpp"

namespace attune {

// Tokens → vectors of "features" numbers, the sum of the parts that are switched on:
//   "word"        a vector for each word of the vocabulary; in training some are taken for unknown
//                 at random (share "unknown", one draw for a word and batch, since an unknown word
//                 is unknown throughout an episode). "unknown_words" shared: they have one vector
//                 together, or none where spelling tells them apart (the parts below); hashed: each
//                 has a random one, N(0, 1/features), told by its spelling alone, times a learned
//                 factor, so that the same unknown word is known again (cf. Svenstrup et al. 2017)
//   "ngrams"      the mean of the vectors of a word's character n-grams, hashed into "buckets"
//                 (fastText, Bojanowski et al. 2017): unseen words differ and resemble others
//   "characters"  a convolution over a word's code points, "width" at a time, and the largest value
//                 of each filter (Kim et al. 2016, eq. 1–3); code points hashed into 1,024
// Of texts with marked parts (relations) also a vector for each mark, and for the distance of each
// token to either part, cut at "distance" (Zeng et al. 2014, §3.3).
// Each word of a batch is embedded once, however often it occurs.
// Weights <name>.word (1 + vocabulary, row 0 for unknown words), .unknown (1,1; first 1), .ngram,
// .character and its .character_filter, .mark, .distance; N(0, 1/features), known words as
// TextInput::vectors has them. So a text of unknown words alone is a text as any other, never
// zeros.
class TokenEmbedding {
 public:
  // UsageError when no part is on, or vectors have another size than "features".
  TokenEmbedding(const Config& config, const InputShape& input, const std::string& name);
  void init(Params& params, Rng& rng) const;
  std::size_t features() const { return features_; }
  // Vectors of all tokens of the buckets, one Var (B,T,features) each; 0 where there is no token.
  Vars operator()(const Params& params, const std::vector<TokenBucket>& buckets,
                  Context& context) const;

 private:
  Var of_words(const Params& params, const Indices& words, Context& context) const;
  Var by_word(const Params& params, const Indices& words, Context& context) const;
  Var by_ngrams(const Params& params, const Indices& words) const;
  Var by_characters(const Params& params, const Indices& words, Context& context) const;
  Var of_marks(const Params& params, const TokenBucket& bucket) const;
  Array start(Rng& rng) const;
  // (words, features): of each word whose row is 0 the vector told by its spelling.
  Array hashed(const Indices& words, const Indices& rows) const;

  std::shared_ptr<const TextInput> input_;
  std::string name_;
  bool word_, ngrams_, characters_, marks_, frozen_, hashed_ = false;
  std::size_t features_, shortest_ = 0, longest_ = 0, buckets_ = 0, width_ = 0, distance_ = 0;
  double unknown_;
  Dropout dropout_;
  std::vector<Indices> ngrams_of_, characters_of_;  // of each word of the pool
};

// x (B,T,F) with its neighbours: (B,T,width·F), zeros beyond the ends; the middle is x itself for
// an odd width, and for an even one there is one step more after it than before.
Var with_neighbours(const Var& x, std::size_t width);

}  // namespace attune
