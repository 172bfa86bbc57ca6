#pragma once
#include <string>

#include "attention/attention.hpp"
#include "attention/heads.hpp"
#include "attention/query_key.hpp"
#include "nn/linear.hpp"

namespace attune {

// Keys and values of a sequence, projected and split into heads: what is made once for a memory
// that many steps attend to, and what a decoder keeps of the steps it has taken.
struct KeyValues {
  Var k, v;  // (…,H,S,F) each; empty: no items
  // Items in use where S has room for more, as append() makes it outside recording(); else 0.
  std::size_t used = 0;
  std::size_t items() const { return used || k.empty() ? used : k.shape().back(1); }
  void append(const KeyValues& more);               // along S
  KeyValues sequences(const Indices& which) const;  // of the leading axis, e.g. a beam's choice
};

// Attention by several heads, each between its own projections of the queries' and the keys'
// features, joined and projected back (Vaswani et al. 2017, §3.2.2):
//   concat_h(normalise(score(x·W_q^h, y·W_k^h)) · y·W_v^h) · W_o + b_o
// Score and normaliser are any of the registered kinds. One sequence (T,D), or a batch (B,T,D),
// whose masks broadcast to (B,H,T,S); see masks.hpp.
// Config: "heads", "head_features", "score" (scaled_dot by default), "normaliser", "start" of
// the projections (QueryKey).
// Parts <prefix>.query, .key, .value (no bias) and .out.
class MultiHeadAttention {
 public:
  // features: D of x and of the result; `memory_features`: of what is attended to, 0: the same.
  MultiHeadAttention(const Config& config, std::size_t features, const std::string& prefix,
                     std::size_t default_heads, std::size_t memory_features = 0);
  void init(Params& params, Rng& rng) const;
  // memory (…,S,memory_features)
  KeyValues keys_values(const Params& params, const Var& memory, Context& context) const;
  // x (…,T,D) attends to `memory` → (…,T,D). `map`, when given, receives the weights (…,H,T,S).
  // A batch (B·n,T,D) may attend to a memory of B sequences, each shared by n consecutive ones of
  // x; then the mask broadcasts to (B,H,n·T,S), which is the shape of the map too.
  Var operator()(const Params& params, const Var& x, const KeyValues& memory, const Mask& mask,
                 Context& context, Array* map = nullptr) const;

 private:
  HeadSizes heads_;
  Attention attention_;
  QueryKey projections_;
  Linear value_, out_;
};

}  // namespace attune
