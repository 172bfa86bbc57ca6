#include "attention/multi_head_attention.hpp"

namespace attune {

void KeyValues::append(const KeyValues& more) {
  if (k.empty()) {
    *this = more;
    return;
  }
  const std::size_t axis = k.shape().rank() - 2;
  k = concat({k, more.k}, axis);
  v = concat({v, more.v}, axis);
}

KeyValues KeyValues::sequences(const Indices& which) const {
  return k.empty() ? KeyValues{} : KeyValues{gather(k, which), gather(v, which)};
}

MultiHeadAttention::MultiHeadAttention(const Config& config, std::size_t features,
                                       const std::string& prefix, std::size_t default_heads,
                                       std::size_t memory_features)
    : heads_(config, features, default_heads),
      attention_(config, heads_.features, prefix),
      projections_(config, features, memory_features ? memory_features : features, heads_.width(),
                   prefix),
      value_(prefix + ".value", memory_features ? memory_features : features, heads_.width(),
             false),
      out_(prefix + ".out", heads_.width(), features) {}

void MultiHeadAttention::init(Params& params, Rng& rng) const {
  attention_.init(params, rng);
  projections_.init(params, rng);
  value_.init(params, rng);
  out_.init(params, rng);
}

KeyValues MultiHeadAttention::keys_values(const Params& params, const Var& memory,
                                          Context& context) const {
  return {split_heads(projections_.key.forward(params, memory, context), heads_.count),
          split_heads(value_.forward(params, memory, context), heads_.count)};
}

Var MultiHeadAttention::operator()(const Params& params, const Var& x, const KeyValues& memory,
                                   const Mask& mask, Context& context, Array* map) const {
  const Shape shape = x.shape();
  const std::size_t sequences = shape[0], shared = shape.rank() == 3 ? memory.k.shape()[0] : 0;
  if (shared > 0 && shared < sequences && sequences % shared == 0) {
    const Var together = reshape(x, {shared, sequences / shared * shape[1], shape[2]});
    return reshape((*this)(params, together, memory, mask, context, map), shape);
  }
  const Var q = split_heads(projections_.query.forward(params, x, context), heads_.count);
  const Var weights = attention_.weights(params, q, memory.k, mask, context);
  if (map) *map = weights.value();
  return out_.forward(params, join_heads(matmul(weights, memory.v)), context);
}

}  // namespace attune
