#include "nn/linear.hpp"

#include "nn/initialise.hpp"

namespace attune {

Linear::Linear(std::string name, std::size_t in, std::size_t out, bool bias)
    : name_(std::move(name)), in_(in), out_(out), bias_(bias) {}

void Linear::init(Params& params, Rng& rng) const {
  Rng own = rng.fork(name_);
  params.add(name_ + ".weight", glorot_uniform({in_, out_}, in_, out_, own));
  if (bias_) params.add(name_ + ".bias", Array::zeros({out_}));
}

void Linear::init_as(Params& params, const Linear& other) const {
  params.add(name_ + ".weight", params[other.name_ + ".weight"].value());
  if (bias_) params.add(name_ + ".bias", params[other.name_ + ".bias"].value());
}

Var Linear::forward(const Params& params, const Var& x, Context&) const {
  const Var& weight = params[name_ + ".weight"];
  return bias_ ? affine(x, weight, params[name_ + ".bias"]) : matmul(x, weight);
}

Var Linear::positive(const Params& params, const Var& x, Context& context) const {
  return bias_ ? affine(x, params[name_ + ".weight"], params[name_ + ".bias"], true)
               : relu(forward(params, x, context));
}

}  // namespace attune
