#include "attention/transformer.hpp"

#include <algorithm>

namespace attune {
namespace {

std::size_t hidden_size(const Config& config, std::size_t features) {
  const auto asked = static_cast<std::size_t>(config.integer(
      "hidden", 0, {0, 65536}, "size between the two linear layers; 0: 4 times the features"));
  return asked ? asked : 4 * features;
}

bool is_choice(const Config& config, const std::string& key, const std::string& yes,
               const std::string& no, const std::string& fallback, const std::string& doc) {
  return config.choice(key, fallback, {yes, no}, doc) == yes;
}

}  // namespace

TransformerBlock::TransformerBlock(const Config& config, std::size_t features,
                                   const std::string& prefix, std::size_t memory_features)
    : before_(is_choice(config, "norm", "pre", "post", "pre", "layer norm before or after a part")),
      gelu_(is_choice(config, "activation", "gelu", "relu", "relu", "between the linear layers")),
      self_(config.child("self"), features, prefix + ".self", 4),
      hidden_(hidden_size(config, features)),
      in_(prefix + ".in", features, hidden_),
      out_(prefix + ".out", hidden_, features),
      self_norm_(prefix + ".self_norm", features),
      memory_norm_(prefix + ".memory_norm", features),
      feed_norm_(prefix + ".feed_norm", features),
      dropout_(config.real("dropout", 0.1, {0, 0.99},
                           "share of each part's output set to 0 in training")) {
  if (memory_features)
    memory_.emplace(config.child("memory"), features, prefix + ".memory", 4, memory_features);
}

void TransformerBlock::init(Params& params, Rng& rng) const {
  self_.init(params, rng);
  if (memory_) memory_->init(params, rng);
  in_.init(params, rng);
  out_.init(params, rng);
  self_norm_.init(params, rng);
  if (memory_) memory_norm_.init(params, rng);
  feed_norm_.init(params, rng);
}

KeyValues TransformerBlock::memory_keys(const Params& params, const Var& memory,
                                        Context& context) const {
  if (!memory_) throw Error("transformer: want no memory in a block without one");
  return memory_->keys_values(params, memory, context);
}

template <typename Part>
Var TransformerBlock::wrapped(const Params& params, const Var& x, const LayerNorm& norm,
                              Context& context, const Part& part) const {
  const Var y = part(before_ ? norm.forward(params, x, context) : x);
  const Var sum = x + dropout_.forward(params, y, context);
  return before_ ? sum : norm.forward(params, sum, context);
}

Var TransformerBlock::operator()(const Params& params, const Var& x, KeyValues& seen,
                                 const Mask& mask, const KeyValues& memory, const Mask& memory_mask,
                                 Context& context, TransformerMaps* maps) const {
  const auto map_in = [&](std::vector<Array> TransformerMaps::*which) {
    return maps ? &(maps->*which).emplace_back() : nullptr;
  };
  Var y = wrapped(params, x, self_norm_, context, [&](const Var& z) {
    seen.append(self_.keys_values(params, z, context));
    return self_(params, z, seen, mask, context, map_in(&TransformerMaps::self));
  });
  if (memory_)
    y = wrapped(params, y, memory_norm_, context, [&](const Var& z) {
      return (*memory_)(params, z, memory, memory_mask, context, map_in(&TransformerMaps::memory));
    });
  return wrapped(params, y, feed_norm_, context, [&](const Var& z) {
    const Var inner =
        gelu_ ? gelu(in_.forward(params, z, context)) : in_.positive(params, z, context);
    return out_.forward(params, inner, context);
  });
}

TransformerState TransformerState::sequences(const Indices& which) const {
  TransformerState result = *this;
  for (KeyValues& one : result.seen) one = one.sequences(which);
  if (items) result.present = kernel::gather(present, which);
  const bool has_memory = !memory.empty() && !memory[0].k.empty();
  if (items && has_memory && memory[0].k.shape()[0] != present.dim(0)) return result;  // shared
  for (KeyValues& one : result.memory) one = one.sequences(which);
  if (!memory_mask.empty) result.memory_mask.allowed = kernel::gather(memory_mask.allowed, which);
  return result;
}

Transformer::Transformer(const Config& config, std::size_t features, const std::string& prefix,
                         Settings settings)
    : settings_(settings) {
  const auto layers = static_cast<std::size_t>(config.integer(
      "layers", static_cast<std::int64_t>(settings.layers), {1, 64}, "blocks of the stack"));
  for (std::size_t i = 1; i <= layers; ++i)
    blocks_.emplace_back(config, features, prefix + ".block" + std::to_string(i),
                         settings.memory_features);
  if (blocks_[0].before()) norm_.emplace(prefix + ".norm", features);
}

void Transformer::init(Params& params, Rng& rng) const {
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    Rng own = rng.fork("block" + std::to_string(i));
    blocks_[i].init(params, own);
  }
  if (norm_) norm_->init(params, rng);
}

Var Transformer::forward(const Params& params, const Var& x, const Array* present, Context& context,
                         TransformerMaps* maps) const {
  TransformerState state = start(params, nullptr, nullptr, context);
  return advance(params, x, present, state, context, maps);
}

TransformerState Transformer::start(const Params& params, const Var* memory,
                                    const Array* memory_present, Context& context) const {
  if ((memory != nullptr) != (settings_.memory_features > 0))
    throw Error(std::string("transformer: want ") +
                (memory ? "no memory for a stack without one" : "the memory it is built for"));
  TransformerState state;
  state.seen.resize(blocks_.size());
  state.memory.resize(blocks_.size());
  for (std::size_t i = 0; memory && i < blocks_.size(); ++i)
    state.memory[i] = blocks_[i].memory_keys(params, *memory, context);
  if (memory_present) state.memory_mask = present_mask(*memory_present);
  return state;
}

Var Transformer::advance(const Params& params, const Var& x, const Array* present,
                         TransformerState& state, Context& context, TransformerMaps* maps) const {
  if (x.shape().rank() != 3) throw Error("transformer: want (B,T,D), have " + x.shape().text());
  const std::size_t sequences = x.shape()[0], count = x.shape()[1];
  const Array here = present ? *present : Array::full({sequences, count}, 1);
  if (!(here.shape() == Shape{sequences, count}))
    throw Error("transformer: present: want shape " + Shape{sequences, count}.text() + ", have " +
                here.shape().text());
  const Array both_present[] = {state.present, here};
  state.present = state.items ? kernel::concat(both_present, 1) : here;
  state.padded = state.padded || std::find(here.values().begin(), here.values().end(), Real(0)) !=
                                     here.values().end();
  const Mask mask = both(state.padded ? present_mask(state.present) : Mask{},
                         settings_.causal ? causal_mask(count, state.items) : Mask{});
  state.items += count;
  Var y = x;
  for (std::size_t i = 0; i < blocks_.size(); ++i)
    y = blocks_[i](params, y, state.seen[i], mask, state.memory[i], state.memory_mask, context,
                   maps);
  return norm_ ? norm_->forward(params, y, context) : y;
}

}  // namespace attune
