#include "encoder/token_pooling.hpp"

#include <limits>

namespace attune {
namespace {

std::size_t count(const Config& config, const std::string& kind, const std::string& key,
                  std::int64_t fallback, const std::string& doc) {
  if (kind != "attention") return 1;
  return static_cast<std::size_t>(config.integer(key, fallback, {1, 4096}, doc));
}

}  // namespace

Array token_shares(const Array& present, const Array& weight) {
  const Array weighted = weight.rank() == 0 ? present : kernel::mul(present, weight);
  const std::size_t last[] = {1};
  return kernel::div(weighted, kernel::sum(weighted, last, true));
}

Var weighted_sum(const Array& weights, const Var& x) {
  const Shape shape = x.shape();
  const Var rows = constant(weights.reshaped({shape[0], 1, shape[1]}));
  return reshape(matmul(rows, x), {shape[0], shape[2]});
}

Var max_over_tokens(const Var& x, const Array& present, Indices* winners) {
  const Shape shape = x.shape();
  const Var lowest = constant(-std::numeric_limits<Real>::infinity());
  const Var kept = where(present.reshaped({shape[0], 1, shape[1]}), permute(x, {0, 2, 1}), lowest);
  if (winners) *winners = kernel::argmax_last(kept.value());
  return reshape(max_last(kept), {shape[0], shape[2]});
}

Array shares_of_winners(const Indices& winners, std::size_t examples, std::size_t tokens) {
  const std::size_t features = winners.size() / examples;
  Array shares = Array::zeros({examples, tokens});
  for (std::size_t i = 0; i < winners.size(); ++i)
    shares.mutable_data()[i / features * tokens + winners[i]] +=
        Real(1) / static_cast<Real>(features);
  return shares;
}

TokenPooling::TokenPooling(const Config& config, std::size_t features, const std::string& name,
                           const std::string& fallback)
    : kind_(config.choice("kind", fallback, {"attention", "max", "mean"},
                          "how the vectors of tokens become one")),
      in_(features),
      hops_(count(config, kind_, "hops", 1, "weighted means, next to each other")),
      features_(hops_ * features),
      hidden_(count(config, kind_, "hidden", 64, "features between the two layers")),
      first_(name + ".first", features, hidden_),
      second_(name + ".second", hidden_, hops_, false) {
  if (kind_ == "attention")
    normaliser_ = NormaliserRegistry::make(config.child("normaliser"), "softmax");
}

void TokenPooling::init(Params& params, Rng& rng) const {
  if (kind_ != "attention") return;
  first_.init(params, rng);
  second_.init(params, rng);
}

// (B,hops,T)
Var TokenPooling::weights_of(const Params& params, const Var& x, const Array& present,
                             Context& context) const {
  const Var hidden = tanh(first_.forward(params, x, context));
  const Var scores = permute(second_.forward(params, hidden, context), {0, 2, 1});
  const Mask mask{present.reshaped({present.dim(0), 1, present.dim(1)}), false};
  return (*normaliser_)(scores, mask, context);
}

Var TokenPooling::operator()(const Params& params, const Var& x, const Array& present,
                             Context& context, Array* weights) const {
  if (kind_ == "mean") {
    const Array shares = token_shares(present, {});
    if (weights) *weights = shares;
    return weighted_sum(shares, x);
  }
  if (kind_ == "max") {
    Indices winners;
    const Var y = max_over_tokens(x, present, weights ? &winners : nullptr);
    if (weights) *weights = shares_of_winners(winners, present.dim(0), present.dim(1));
    return y;
  }
  const Var each = weights_of(params, x, present, context);
  if (weights) *weights = mean(constant(each.value()), {1}).value();
  return reshape(matmul(each, x), {x.shape()[0], features_});
}

}  // namespace attune
