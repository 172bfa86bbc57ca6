#include "attention/multi_head_attention.hpp"

namespace attune {
namespace {

constexpr std::size_t kRoom = 16;  // items for which room is made at a time

// `all`, of which `used` items count, with `more` behind them.
void put_behind(Var& all, std::size_t used, const Var& more) {
  const std::size_t axis = all.shape().rank() - 2, wanted = used + more.shape()[axis];
  Array room = std::move(all).take();
  if (wanted > room.dim(axis)) {
    Shape shape = room.shape();
    shape[axis] = (wanted + kRoom - 1) / kRoom * kRoom;
    Array larger(shape);
    kernel::put_slice(larger, kernel::slice(room, axis, 0, used), axis, 0);
    room = std::move(larger);
  }
  kernel::put_slice(room, more.value(), axis, used);
  all = constant(std::move(room));
}

}  // namespace

void KeyValues::append(const KeyValues& more) {
  if (k.empty()) {
    *this = more;
    return;
  }
  const std::size_t axis = k.shape().rank() - 2;
  if (recording()) {
    if (used) throw Error("keys and values: want none kept outside recording, have some");
    k = concat({k, more.k}, axis);
    v = concat({v, more.v}, axis);
    return;
  }
  const std::size_t before = items();
  put_behind(k, before, more.k);
  put_behind(v, before, more.v);
  used = before + more.items();
}

KeyValues KeyValues::sequences(const Indices& which) const {
  return k.empty() ? KeyValues{} : KeyValues{gather(k, which), gather(v, which), used};
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
  const Var scores = memory.used
                         ? attention_.scores_of_first(params, q, memory.k, memory.used, context)
                         : attention_.scores(params, q, memory.k, context);
  const Var weights = attention_.normalise(scores, mask, context);
  if (map) *map = weights.value();
  const Var read =
      memory.used
          ? constant(kernel::matmul_first(weights.value(), memory.v.value(), memory.used, false))
          : matmul(weights, memory.v);
  return out_.forward(params, join_heads(read), context);
}

}  // namespace attune
