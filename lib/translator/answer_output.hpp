#pragma once
#include <optional>

#include "attention/attention.hpp"
#include "attention/query_key.hpp"
#include "nn/linear.hpp"
#include "translator/pair_layout.hpp"
#include "translator/translation_model.hpp"

namespace attune {

// The memory of B episodes as a pointer sees it.
struct PointerMemory {
  Var keys;      // (B,S,D)
  Mask targets;  // (B,1,S): target items
  Var symbols;   // (B,S,V): 1 at the symbol of each
  Mask known;    // (B,1,V): symbols that the episode has, all where they are fixed, and kEnd
};

// Probabilities of the next symbol: a pointer's weights over the target items of the memory, added
// up by symbol, and a softmax over the symbols that the episode has, mixed by a gate (See et al.
// 2017, eq. 8–9): p = g·Σ_i a_i·[symbol_i] + (1 − g)·softmax(h·W).
// Config "output": "mixed", "copy" or "generate"; "pointer" {"score", "normaliser", "start"}.
// Where proposals are told, a second gate mixes in the symbol that is proposed: (1 − f)·p + f·[it].
// Where agreement is told, a learned number for each length of it is added to the pointer's scores
// (weight "agree", (window + 1,1)).
// Without a memory only the softmax is left, and nothing is read. Weights below the prefix
// "translator.output".
class AnswerOutput {
 public:
  AnswerOutput(const Config& config, std::size_t features, std::size_t symbols, bool fixed,
               bool memory = true, Window told = {});
  void init(Params& params, Rng& rng) const;
  PointerMemory remember(const Params& params, const PairLayout& layout, const Var& memory,
                         Context& context) const;
  // h (B,N,D), of B·N places → (B·N,V); `maps`, when given, receives the weights of the pointer
  // (B,N,S) and the share of the proposals (B·N,1).
  Var operator()(const Params& params, const Var& h, const TargetPlaces& places,
                 const PointerMemory& memory, Context& context,
                 TranslationMaps* maps = nullptr) const;

 private:
  Var mixed(const Params& params, const Var& h, const TargetPlaces& places,
            const PointerMemory& memory, Context& context, TranslationMaps* maps) const;
  Var looked(const Params& params, const Var& h, const TargetPlaces& places,
             const PointerMemory& memory, Context& context) const;
  Var with_proposed(const Params& params, const Var& h, const TargetPlaces& places, Var p,
                    TranslationMaps* maps) const;

  std::string kind_;
  std::size_t symbols_;
  bool fixed_;
  Window told_;
  std::optional<Attention> pointer_;
  std::optional<QueryKey> projections_;
  Linear gate_, generate_, follow_;
};

}  // namespace attune
