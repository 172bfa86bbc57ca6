#pragma once
#include "nn/module.hpp"

namespace attune {

// 1 where attending is allowed, (Q,S) or broadcastable to (…,Q,S); an empty mask allows all. A row
// that allows nothing gets weights 0.
struct Mask {
  Array allowed;
  bool empty = true;
};

// Scores that are factor · q'·k', but for a number that a query adds to its whole row and that no
// softmax sees: what attention in tiles needs.
struct DotForm {
  Var q, k;
  Real factor = 1;
};

// Each row of the last axis over its length: x / √(|x|² + 1e-12).
Var unit_rows(const Var& x);

// How alike queries and keys are. q (…,Q,D), k (…,S,D) → (…,Q,S), not normalised.
struct Score {
  virtual ~Score() = default;
  virtual void init(Params& params, Rng& rng) const = 0;
  virtual Var operator()(const Params& params, const Var& q, const Var& k,
                         Context& context) const = 0;
  // The same of the first `count` keys of k (…,R,D), which has room for R; outside recording().
  virtual Var of_first(const Params& params, const Var& q, const Var& k, std::size_t count,
                       Context& context) const;
  virtual bool has_dot_form() const { return false; }
  virtual DotForm dot_form(const Params& params, const Var& q, const Var& k) const;
};
// Queries against keys in pairs: by_query(q) (…,Q,1,D) and by_key(k) (…,1,S,D) broadcast to
// (…,Q,S,D).
Var by_query(const Var& q);
Var by_key(const Var& k);
// Args: D and the prefix of the weights' names.
using ScoreRegistry = Registry<Score, std::size_t, const std::string&>;

// Scores → weights over the last axis: rows ≥ 0 that sum to 1.
struct Normaliser {
  virtual ~Normaliser() = default;
  virtual Var operator()(const Var& scores, const Mask& mask, Context& context) const = 0;
  // Kinds whose weights are never exactly 0 can give their logarithm without underflow.
  virtual bool has_log() const { return false; }
  virtual Var log(const Var& scores, const Mask& mask, Context& context) const;
  // Its gradient is by design that of soft weights, not the derivative of what it computes.
  virtual bool straight_through_gradient() const { return false; }
};
using NormaliserRegistry = Registry<Normaliser>;

// Score, normaliser, weighted mean of the values: softmax(QKᵀ/√D)V and its kin.
// Config: {"score": {"kind": …}, "normaliser": {"kind": …}}; `score` names the default kind.
class Attention {
 public:
  Attention(const Config& config, std::size_t features, const std::string& prefix,
            const std::string& score = "scaled_dot");
  void init(Params& params, Rng& rng) const;
  // q (…,Q,D), k (…,S,D), v (…,S,V) → (…,Q,V).  Vaswani et al. 2017, eq. 1.
  Var operator()(const Params& params, const Var& q, const Var& k, const Var& v, const Mask& mask,
                 Context& context) const;
  // The weights (…,Q,S) alone, differentiable, for the q rows asked for.
  Var weights(const Params& params, const Var& q, const Var& k, const Mask& mask,
              Context& context) const;
  // The two steps of weights(): scores (…,Q,S), and weights of scores.
  Var scores(const Params& params, const Var& q, const Var& k, Context& context) const;
  Var scores_of_first(const Params& params, const Var& q, const Var& k, std::size_t count,
                      Context& context) const;  // Score::of_first
  Var normalise(const Var& scores, const Mask& mask, Context& context) const;
  // Readout of labels as values: log p (Q,N) with p[q,n] = Σ of the weights of items labelled n
  // (Vinyals et al. 2016, eq. 1). q (Q,D), k (S,D), labels (S) below N. Where a weight may be
  // exactly 0, p is replaced by (1−floor)·p + floor/N; otherwise the logarithm is exact. `shown`,
  // when given, receives the weights (Q,S).
  Var label_log_probabilities(const Params& params, const Var& q, const Var& k,
                              const Indices& labels, std::size_t ways, Real floor, Context& context,
                              Array* shown = nullptr) const;
  // The same from scores (Q,S), or (H,Q,S): then p is the mean over the H heads, and `shown`
  // receives the weights of each.
  Var read_labels(const Var& scores, const Indices& labels, std::size_t ways, Real floor,
                  Context& context, Array* shown = nullptr) const;

 private:
  std::unique_ptr<Score> score_;
  std::unique_ptr<Normaliser> normaliser_;
};

// (S,N): 1 at each item's label.
Array one_hot(const Indices& labels, std::size_t ways);
// Columns of x (Q,S) that share a label, combined: log Σ exp → (Q,N). Every label must occur.
Var logsumexp_by_label(const Var& x, const Indices& labels, std::size_t ways);

}  // namespace attune
