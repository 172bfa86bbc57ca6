#pragma once
#include <string>
#include <vector>

#include "attention/attention.hpp"

namespace attune {

// The features of one classification episode, as an attention structure connects them.
struct EpisodeItems {
  Var support;            // (S,D)
  const Indices& labels;  // (S), 0…N−1; every label occurs
  std::size_t ways;       // N
  Var query;              // (Q,D)
};

// What was attended to in one episode, for explanations and for the measures of faithfulness.
struct Trace {
  // (Q,S), rows sum to 1: the share of each support item in each query's answer.
  Array weights;
  // The structure's inner attention: one map per layer. Rows attend to columns; `items` says what
  // the rows and columns are, e.g. {"support", "support"}.
  struct Map {
    std::string name;  // "layer1"
    Array weights;     // (H,R,C)
    std::string rows, columns;
  };
  std::vector<Map> maps;
  // Of texts: the share of each token in the features of its text, (S,T) and (Q,T), where that
  // depends on the episode.
  Array support_tokens, query_tokens;
};

// How attention connects the items of an episode, from features to class probabilities: the part of
// the matching network that is swapped to compare kinds of attention. One file each.
struct Structure {
  virtual ~Structure() = default;
  virtual void init(Params& params, Rng& rng) const = 0;
  // log p (Q,N), normalised over N; a query's row doesn't depend on other queries.
  virtual Var log_probabilities(const Params& params, const EpisodeItems& items, Context& context,
                                Trace* trace) const = 0;
  // What it claims; tests verify each in both directions.
  virtual bool permutation_invariant() const { return true; }  // in the order of the support
  virtual bool label_equivariant() const { return true; }      // renaming classes renames columns
};
// Args: D and the prefix of the weights' names.
using StructureRegistry = Registry<Structure, std::size_t, const std::string&>;

}  // namespace attune
