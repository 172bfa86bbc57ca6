#pragma once
#include <string>

#include "attention/attention.hpp"
#include "attention/heads.hpp"
#include "nn/dropout.hpp"
#include "nn/layer_norm.hpp"
#include "nn/linear.hpp"

namespace attune {

// Items of one set or sequence that look at each other: LayerNorm(x + Dropout(heads(x)·W_o)),
// where each head is attention between its own projections of x (Vaswani et al. 2017, §3.2.2,
// §5.4). Config: "heads", "head_features", "dropout", "score" (scaled_dot by default),
// "normaliser".
class SelfAttention {
 public:
  SelfAttention(const Config& config, std::size_t features, const std::string& prefix,
                std::size_t heads, double dropout);  // the last two: defaults
  void init(Params& params, Rng& rng) const;
  // x (R,features) → the same shape. `map`, when given, receives the weights (heads,R,R).
  Var operator()(const Params& params, const Var& x, const Mask& mask, Context& context,
                 Array* map) const;

 private:
  HeadSizes heads_;
  Attention attention_;
  Linear query_, key_, value_, out_;
  Dropout dropout_;
  LayerNorm norm_;
};

}  // namespace attune
