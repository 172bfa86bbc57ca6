#pragma once
#include "attention/attention.hpp"
#include "encoder/encoder.hpp"
#include "nn/linear.hpp"

namespace attune {

// Vectors of tokens → one vector, "kind":
//   "mean"       of the tokens
//   "max"        the largest value of each feature
//   "attention"  "hops" weighted means next to each other, weights
//                normalise(tanh(x·W_1 + b)·W_2) over the tokens, W_1 (F,"hidden"), W_2
//                (hidden,hops) (structured self-attention, Lin et al. 2017, eq. 5–6, whose W_1 has
//                no b); any registered "normaliser"
class TokenPooling {
 public:
  TokenPooling(const Config& config, std::size_t features, const std::string& name,
               const std::string& fallback);
  void init(Params& params, Rng& rng) const;
  std::size_t features() const { return features_; }  // of the result
  // x (B,T,F), present (B,T) with at least one token in each row → (B, features()). `weights`, when
  // given, receives the share of each token in the result (B,T): of several hops the mean, of "max"
  // the part of the features whose largest value it has.
  Var operator()(const Params& params, const Var& x, const Array& present, Context& context,
                 Array* weights) const;

 private:
  Var weights_of(const Params& params, const Var& x, const Array& present, Context& context) const;

  std::string kind_;
  std::size_t in_, hops_ = 1, features_, hidden_ = 1;
  std::unique_ptr<Normaliser> normaliser_;
  Linear first_, second_;
};

// Each row of present (B,T) times `weight` (or 1 where that is a scalar), over its sum.
Array token_shares(const Array& present, const Array& weight);

// Σ of x (B,T,F) by weights (B,T) → (B,F).
Var weighted_sum(const Array& weights, const Var& x);

// The largest value of each feature over the tokens that are there: x (B,T,F), present (B,T) →
// (B,F). `winners`, when given, receives at which token each is, (B·F).
Var max_over_tokens(const Var& x, const Array& present, Indices* winners = nullptr);

// (B,T): the share of `winners` (B·F) that each token has.
Array shares_of_winners(const Indices& winners, std::size_t examples, std::size_t tokens);

}  // namespace attune
