#include <limits>

#include "attention/attention.hpp"
#include "learner/learner.hpp"
#include "nn/initialise.hpp"
#include "nn/linear.hpp"

namespace attune {
namespace {

// |x|²/(1 + |x|²) · x/|x| of each row (Sabour et al. 2017, eq. 1).
Var squash(const Var& x) {
  const Var length = sqrt(sum(square(x), {x.shape().rank() - 1}, true) + Real(1e-12));
  return x * (length / (square(length) + Real(1)));
}

// Induction network (Geng et al. 2019): a class's vector is found by routing, a few rounds of
// attention between its items and itself,
//   ê_s = squash(W·x_s + b), d = softmax_s(b_s), c = squash(Σ d_s ê_s), b_s += ê_s·c,   (eq. 5–9)
// and compared with the query by a neural tensor layer, v = relu(cᵀM^[1:h]q) (eq. 10), whose score
// is trained to be 1 for the right class and 0 for others (eq. 11–12). Logits are the log-odds, as
// of the relation network.
class Induction : public Learner {
 public:
  Induction(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        size_(encoder_->features()),
        rounds_(static_cast<std::size_t>(
            config.integer("rounds", 3, {1, 16}, "of routing between items and class"))),
        slices_(static_cast<std::size_t>(
            config.integer("slices", 50, {1, 1024}, "slices h of the neural tensor layer"))),
        squares_(config.choice("loss", "mse", {"mse", "cross_entropy"},
                               "mean squared error of σ(z) to 0 and 1, or cross-entropy of "
                               "softmax(z)") == "mse"),
        transform_("induction.transform", size_, size_),
        score_("induction.score", slices_, 1) {}
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    transform_.init(params, rng);
    Rng own = rng.fork("induction.tensor");
    params.add("induction.tensor", glorot_uniform({size_, slices_ * size_}, size_, size_, own));
    score_.init(params, rng);
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  Array token_weights(const Params& params, const Var& x, Context& context) const override {
    return encoder_->token_weights(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace* trace) const override {
    const std::size_t ways = support.ways, queries = query.x.shape()[0];
    Var shares;
    const Var classes = routed(params, support, context, &shares);  // (N,D)
    const Var left = reshape(matmul(classes, params["induction.tensor"]), {ways * slices_, size_});
    const Var tensor = relu(matmul(left, query.x, false, true));  // (N·h,Q)
    const Var pairs = permute(reshape(tensor, {ways, slices_, queries}), {2, 0, 1});
    const Var logits = reshape(score_.forward(params, pairs, context), {queries, ways});
    if (trace) trace->weights = kernel::matmul(kernel::softmax(logits.value()), shares.value());
    return logits;
  }
  Var loss(const Params& params, const Support& support, const Query& query,
           const Indices& query_labels, Context& context) const override {
    if (!squares_) return Learner::loss(params, support, query, query_labels, context);
    const Var score = sigmoid(logits(params, support, query, context, nullptr));
    return mean(square(score - constant(one_hot(query_labels, support.ways))));
  }

 private:
  // shares (N,S): the last round's weights of a class's items.
  Var routed(const Params& params, const Support& support, Context& context, Var* shares) const {
    const Var items = squash(transform_.forward(params, support.x, context));
    const Array of_class =
        kernel::permute(one_hot(support.labels, support.ways), std::vector<std::size_t>{1, 0});
    const Var never = constant(-std::numeric_limits<Real>::infinity());
    Var agreement = constant(Array::zeros(of_class.shape())), classes;
    for (std::size_t round = 0; round < rounds_; ++round) {
      *shares = softmax(where(of_class, agreement, never));
      classes = squash(matmul(*shares, items));
      if (round + 1 < rounds_) agreement = agreement + matmul(classes, items, false, true);
    }
    return classes;
  }

  std::unique_ptr<Encoder> encoder_;
  std::size_t size_, rounds_, slices_;
  bool squares_;
  Linear transform_, score_;
};

const Register<Learner, const InputShape&> part{
    "induction", "class vectors by dynamic routing, a tensor layer compares (Geng et al. 2019)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<Induction>(config, input);
    }};

}  // namespace
}  // namespace attune
