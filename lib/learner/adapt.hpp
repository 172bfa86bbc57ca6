#pragma once
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "learner/learner.hpp"
#include "nn/linear.hpp"

namespace attune {

// An encoder and a linear head of `ways` outputs, whose weights a learner adapts to each episode.
// Weights "encoder.…" and "head.…". Examples are flat: (S,D), D the size of one example.
//
// The key "batch_norm" says by whose statistics the queries are normalised, once the weights are
// adapted. "support": those of the support under these weights, in training with the gradient
// through them. "batch": their own together (transductive, the usual form). "running": in training
// their own, at evaluation running ones, those of the training queries. The passes of the inner
// loop are always normalised by what passes. Mode::transductive means "batch".
class AdaptiveNetwork {
 public:
  AdaptiveNetwork(const Config& config, const InputShape& input);
  bool inductive() const { return norm_ != "batch"; }
  void init(Params& params, Rng& rng) const;
  Var flatten(const Var& x) const;  // (S, example…) → (S,D)
  // (S,F), (Q,F): of the support as in a pass of the inner loop, and of the queries.
  std::pair<Var, Var> features(const Params& params, const Var& support, const Var& query,
                               Context& context) const;
  // (S,F) → (S,ways), of the head's first outputs. UsageError when it has fewer.
  Var head(const Params& params, const Var& features, std::size_t ways, Context& context) const;
  // Mean cross-entropy of labelled examples in a pass of the inner loop, nats.
  Var loss(const Params& params, const Support& examples, Context& context) const;
  // (Q,N)
  Var logits(const Params& params, const Support& support, const Query& query,
             Context& context) const;

 private:
  bool by_support(const Context& context) const;
  Var inner_pass(const Params& params, const Var& x, Context& context,
                 std::size_t reference_rows = 0) const;
  Var query_pass(const Params& params, const Var& x, Context& context) const;
  Var encode(const Params& params, const Var& x, Context& context) const;
  std::unique_ptr<Encoder> encoder_;
  InputShape input_;
  std::string norm_, where_;
  std::size_t ways_;
  Linear head_;
};

// Gradient descent on an episode: the settings that all its users share.
class InnerLoop {
 public:
  // Reads "inner_steps" (default `steps`), "evaluation_steps" and "inner_rate" (default `rate`).
  InnerLoop(const Config& config, std::int64_t steps, double rate);
  double rate() const { return rate_; }
  std::size_t steps(const Context& context) const;
  using Loss = std::function<Var(const Params& params)>;
  using Adapts = std::function<bool(const std::string& name)>;
  // The weight after one step.
  using Descend = std::function<Var(const std::string& name, const Var& weight, const Var& g)>;
  // θ′ after steps() steps from `start` of the weights that `adapts` names. Where recording() is
  // off no step keeps its graph; else θ′ is a differentiable function of `start`: with
  // second_order also through the gradients, which are constants without it.
  // Finn et al. 2017, algorithm 2, lines 5-7.
  Params operator()(const Params& start, const Context& context, bool second_order,
                    const Adapts& adapts, const Descend& descend, const Loss& loss) const;

 private:
  std::size_t steps_, evaluation_steps_;
  double rate_;
};

// The value of `loss` with its gradient by the weights worked out now: the graph of one episode's
// inner loop is gone before the next episode makes its own. The result is differentiable once.
Var settled(Var loss, const Params& params);
// A scalar of this value whose gradients by the weights are the given ones.
Var with_gradients(Array value, const Params& params, Vars gradients);

// What the learners share that take gradient steps on the support and classify by the adapted
// network. Each says which weights move, how, and to which order its training follows.
class GradientLearner : public Learner {
 public:
  GradientLearner(const Config& config, const InputShape& input, std::int64_t steps = 5,
                  double rate = 0.1);
  Claims claims() const override;
  void init(Params& params, Rng& rng) const override;
  // The examples themselves: what is adapted cannot be worked out before.
  Var encode(const Params& params, const Var& x, Context& context) const override;
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace* trace) const override;
  Var loss(const Params& params, const Support& support, const Query& query,
           const Indices& query_labels, Context& context) const override;

 protected:
  virtual bool second_order() const { return true; }
  virtual bool adapts(const std::string& /*name*/) const { return true; }
  // One step for the weight of that name: gradient descent at inner_rate.
  virtual Var descend(const Params& params, const std::string& name, const Var& weight,
                      const Var& gradient) const;
  const AdaptiveNetwork& network() const { return network_; }
  const InnerLoop& inner() const { return inner_; }

 private:
  AdaptiveNetwork network_;
  InnerLoop inner_;
};

}  // namespace attune
