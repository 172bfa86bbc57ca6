#include "attention/self_attention.hpp"

namespace attune {

SelfAttention::SelfAttention(const Config& config, std::size_t features, const std::string& prefix,
                             std::size_t heads, double dropout)
    : heads_(config, features, heads),
      attention_(config, heads_.features, prefix),
      query_(prefix + ".query", features, heads_.width(), false),
      key_(prefix + ".key", features, heads_.width(), false),
      value_(prefix + ".value", features, heads_.width(), false),
      out_(prefix + ".out", heads_.width(), features),
      dropout_(config.real("dropout", dropout, {0, 0.99},
                           "share of the read features set to 0 in training")),
      norm_(prefix + ".norm", features) {}

void SelfAttention::init(Params& params, Rng& rng) const {
  attention_.init(params, rng);
  for (const Linear* layer : {&query_, &key_, &value_, &out_}) layer->init(params, rng);
  norm_.init(params, rng);
}

Var SelfAttention::operator()(const Params& params, const Var& x, const Mask& mask,
                              Context& context, Array* map) const {
  const auto heads = [&](const Linear& layer) {
    return split_heads(layer.forward(params, x, context), heads_.count);
  };
  const Var weights = attention_.weights(params, heads(query_), heads(key_), mask, context);
  if (map) *map = weights.value();
  const Var read = out_.forward(params, join_heads(matmul(weights, heads(value_))), context);
  return norm_.forward(params, x + dropout_.forward(params, read, context), context);
}

}  // namespace attune
