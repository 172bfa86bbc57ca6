#include "attention/self_attention.hpp"

namespace attune {

SelfAttention::SelfAttention(const Config& config, std::size_t features, const std::string& prefix,
                             std::size_t heads, double dropout)
    : heads_(config, features, prefix, heads),
      dropout_(config.real("dropout", dropout, {0, 0.99},
                           "share of the read features set to 0 in training")),
      norm_(prefix + ".norm", features) {}

void SelfAttention::init(Params& params, Rng& rng) const {
  heads_.init(params, rng);
  norm_.init(params, rng);
}

Var SelfAttention::operator()(const Params& params, const Var& x, const Mask& mask,
                              Context& context, Array* map) const {
  const Var read = heads_(params, x, heads_.keys_values(params, x, context), mask, context, map);
  return norm_.forward(params, x + dropout_.forward(params, read, context), context);
}

}  // namespace attune
