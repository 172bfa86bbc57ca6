#pragma once
#include "attention/structure.hpp"
#include "encoder/encoder.hpp"
#include "nn/module.hpp"

namespace attune {

// The labelled and the unlabelled part of one classification episode, as features (S,D) or raw
// examples — what encode() returned for them. Labels 0…N−1.
struct Support {
  Var x;
  Indices labels;
  std::size_t ways = 0;
  Indices classes = {};  // in training: the pool's class of each label
};
struct Query {
  Var x;
};

// What a learner says of itself; tests verify each claim in both directions.
struct Claims {
  bool inductive = true;              // a query's logits don't depend on other queries
  bool permutation_invariant = true;  // in the order of the support
  bool label_equivariant = true;      // renaming the classes renames the logits
  bool trained = true;                // false: a floor without weights
  // The highest derivative of the network's loss in the training gradient: 2 where it passes
  // through gradient steps on the support, 0 where it is a difference of weights (Reptile).
  std::size_t order = 1;
  bool exact_gradient = true;  // training follows the very gradient of the loss; else a stand-in
};

// A meta-learner for classification. One file each; its last line registers it.
class Learner {
 public:
  virtual ~Learner() = default;
  virtual Claims claims() const { return {}; }
  virtual void init(Params& params, Rng& rng) const = 0;
  // Per example, so that it can be computed once for a whole pool. x (S, example…) → (S,D).
  virtual Var encode(const Params& params, const Var& x, Context& context) const = 0;
  // Of texts: the share of each token in an example's features, (S,T), see Encoder::token_weights;
  // a scalar where encode() does not say.
  virtual Array token_weights(const Params&, const Var& /*x*/, Context&) const { return {}; }
  // (Q,N)
  virtual Var logits(const Params& params, const Support& support, const Query& query,
                     Context& context, Trace* trace = nullptr) const = 0;
  // Mean cross-entropy over the queries, nats. In training, choices that the logits made at random
  // (Context::sampled) add the score-function gradient (Williams 1992) and nothing to the value:
  // the gradient's expectation is the gradient of the expected loss. A choice for one query is
  // weighed by how much that query's loss exceeds the mean loss of the other queries, which does
  // not depend on it; a choice that all queries share, by how much the mean loss exceeds log N, the
  // loss of a uniform guess.
  virtual Var loss(const Params& params, const Support& support, const Query& query,
                   const Indices& query_labels, Context& context) const;
};
using LearnerRegistry = Registry<Learner, const InputShape&>;

}  // namespace attune
