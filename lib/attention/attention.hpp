#pragma once
#include "nn/module.hpp"

namespace attune {

// 1 where attending is allowed, (Q,S) or broadcastable to (…,Q,S); an empty mask allows all. A row
// that allows nothing gets weights 0.
struct Mask {
  Array allowed;
  bool empty = true;
};

// How alike queries and keys are. q (…,Q,D), k (…,S,D) → (…,Q,S), not normalised.
struct Score {
  virtual ~Score() = default;
  virtual void init(Params& params, Rng& rng) const = 0;
  virtual Var operator()(const Params& params, const Var& q, const Var& k,
                         Context& context) const = 0;
};
// Args: D and the prefix of the weights' names.
using ScoreRegistry = Registry<Score, std::size_t, const std::string&>;

// Scores → weights over the last axis: rows ≥ 0 that sum to 1.
struct Normaliser {
  virtual ~Normaliser() = default;
  virtual Var operator()(const Var& scores, const Mask& mask, Context& context) const = 0;
};
using NormaliserRegistry = Registry<Normaliser>;

// Score, normaliser, weighted mean of the values: softmax(QKᵀ/√D)V and its kin.
// Config: {"score": {"kind": …}, "normaliser": {"kind": …}}.
class Attention {
 public:
  Attention(const Config& config, std::size_t features, const std::string& prefix);
  void init(Params& params, Rng& rng) const;
  // q (…,Q,D), k (…,S,D), v (…,S,V) → (…,Q,V)
  Var operator()(const Params& params, const Var& q, const Var& k, const Var& v, const Mask& mask,
                 Context& context) const;
  // The weights (…,Q,S) alone, differentiable; for q rows asked for.
  Var weights(const Params& params, const Var& q, const Var& k, const Mask& mask,
              Context& context) const;

 private:
  std::unique_ptr<Score> score_;
  std::unique_ptr<Normaliser> normaliser_;
};

}  // namespace attune
