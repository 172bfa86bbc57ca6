#pragma once
#include "encoder/token_embedding.hpp"

namespace attune {

// Some examples as an encoder of texts sees them.
struct TokenBatch {
  Var x;                 // (B,T,E), 0 where there is no token
  const Array& present;  // (B,T)
  const TokenBucket& bucket;
};

// What encoders of texts have in common: the batch is sorted by length and cut into a few buckets
// (token_buckets), tokens become vectors ("embedding", TokenEmbedding), each bucket is encoded by
// itself, and the results go back to their places. So a batch costs little more than its tokens,
// and what stands beside an example in it, or how far it is padded, changes no more than rounding.
class TextEncoder : public Encoder {
 public:
  TextEncoder(const Config& config, const InputShape& input, const std::string& prefix);
  void init(Params& params, Rng& rng) const final;
  // x (S,C,T) as TextInput says.
  Var forward(const Params& params, const Var& x, Context& context) const final;
  Array token_weights(const Params& params, const Var& x, Context& context) const final;

 protected:
  virtual void init_layers(Params& params, Rng& rng) const = 0;
  // → (B, features()); `weights`, when given, receives (B,T), see Encoder::token_weights.
  virtual Var encode(const Params& params, const TokenBatch& batch, Context& context,
                     Array* weights) const = 0;
  const TokenEmbedding& embedding() const { return embedding_; }
  const TextInput& text() const { return *text_; }

 private:
  TokenEmbedding embedding_;
  std::shared_ptr<const TextInput> text_;
};

}  // namespace attune
