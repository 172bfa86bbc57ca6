#pragma once
#include <optional>
#include <string>
#include <vector>

#include "attention/masks.hpp"
#include "attention/multi_head_attention.hpp"
#include "nn/dropout.hpp"
#include "nn/layer_norm.hpp"
#include "nn/linear.hpp"

namespace attune {

// What a stack of blocks attended to, one array (B,H,T,S) per block: among the sequence itself, and
// in the memory.
struct TransformerMaps {
  std::vector<Array> self, memory;
};

// One block (Vaswani et al. 2017, §3.1): the items of a sequence look at each other, then, if there
// is a memory, at that, then each passes two linear layers with an activation between them. Each
// part p is wrapped as x + Dropout(p(LayerNorm(x))) ("norm": "pre", the default: trains without
// warm-up, Xiong et al. 2020) or LayerNorm(x + Dropout(p(x))) ("post", as Vaswani et al.).
// Config: "self" and "memory" {"heads", "head_features", "score", "normaliser"} as
// MultiHeadAttention's, "hidden" (4·features), "activation", "dropout", "norm".
class TransformerBlock {
 public:
  // memory_features: 0 for a block without memory.
  TransformerBlock(const Config& config, std::size_t features, const std::string& prefix,
                   std::size_t memory_features);
  void init(Params& params, Rng& rng) const;
  bool before() const { return before_; }  // whether norms come before the parts
  KeyValues memory_keys(const Params& params, const Var& memory, Context& context) const;
  // x (B,T,D) → (B,T,D). The keys and values of x are appended to `seen`, which may hold earlier
  // ones, before x attends to all of them under `mask`.
  Var operator()(const Params& params, const Var& x, KeyValues& seen, const Mask& mask,
                 const KeyValues& memory, const Mask& memory_mask, Context& context,
                 TransformerMaps* maps) const;

 private:
  template <typename Part>
  Var wrapped(const Params& params, const Var& x, const LayerNorm& norm, Context& context,
              const Part& part) const;

  bool before_, gelu_;
  MultiHeadAttention self_;
  std::optional<MultiHeadAttention> memory_;
  std::size_t hidden_;
  Linear in_, out_;
  LayerNorm self_norm_, memory_norm_, feed_norm_;
  Dropout dropout_;
};

// How far a stack has come with a batch of sequences: the keys and values that each block has made
// so far, and those of the memory. A plain value: a beam search copies and reorders it.
struct TransformerState {
  std::vector<KeyValues> seen, memory;  // one for each block
  Array present;                        // (B,items): 1 where a sequence has an item
  Mask memory_mask;
  std::size_t items = 0;  // so far, padding included: the place of the next one
  bool padded = false;    // whether some of `present` are 0
  // Of the leading axis. A memory that several consecutive sequences share stays as it is: then
  // `which` has equally many sequences for each memory, in the order of the memories.
  TransformerState sequences(const Indices& which) const;
};

// A stack of "layers" blocks with one configuration, and with "norm": "pre" a last LayerNorm.
// Places are not told apart here: add Positions (nn/positions.hpp) to x, at state.items.
//   Encoder:  y = stack.forward(params, x, &present, context).
//   Decoder:  state = stack.start(params, &memory, &memory_present, context);
//             y = stack.advance(params, x, nullptr, state, context), for a whole sequence at once
//             (teacher forcing) or item by item; both give the same.
class Transformer {
 public:
  struct Settings {
    bool causal = false;              // an item sees itself and earlier ones only
    std::size_t memory_features = 0;  // 0: no memory
    std::size_t layers = 2;           // default of the configuration
  };
  Transformer(const Config& config, std::size_t features, const std::string& prefix,
              Settings settings);
  void init(Params& params, Rng& rng) const;
  // x (B,T,D) → (B,T,D); present (B,T), when given: 1 where a sequence has an item. What comes out
  // elsewhere is finite, and nothing that comes out where there is one depends on it.
  Var forward(const Params& params, const Var& x, const Array* present, Context& context,
              TransformerMaps* maps = nullptr) const;
  // Before the first item. memory (B,S,memory_features), null for a stack without; memory_present
  // (B,S), null: all. Of B·n sequences, n consecutive ones share a memory.
  TransformerState start(const Params& params, const Var* memory, const Array* memory_present,
                         Context& context) const;
  // The next items x (B,t,D) of each sequence → (B,t,D). A stack that is not causal lets all t see
  // each other and the earlier ones.
  Var advance(const Params& params, const Var& x, const Array* present, TransformerState& state,
              Context& context, TransformerMaps* maps = nullptr) const;

 private:
  Settings settings_;
  std::vector<TransformerBlock> blocks_;
  std::optional<LayerNorm> norm_;
};

}  // namespace attune
