#pragma once
#include <string>

#include "attention/multi_head_attention.hpp"
#include "nn/dropout.hpp"
#include "nn/layer_norm.hpp"

namespace attune {

// Items of one set that look at each other: LayerNorm(x + Dropout(heads(x))), where heads is
// MultiHeadAttention of x to itself (Vaswani et al. 2017, §5.4). Config: that of
// MultiHeadAttention, and "dropout".
class SelfAttention {
 public:
  SelfAttention(const Config& config, std::size_t features, const std::string& prefix,
                std::size_t heads, double dropout);  // the last two: defaults
  void init(Params& params, Rng& rng) const;
  // x (R,features) → the same shape. `map`, when given, receives the weights (heads,R,R).
  Var operator()(const Params& params, const Var& x, const Mask& mask, Context& context,
                 Array* map) const;

 private:
  MultiHeadAttention heads_;
  Dropout dropout_;
  LayerNorm norm_;
};

}  // namespace attune
