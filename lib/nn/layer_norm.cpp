#include "nn/layer_norm.hpp"

namespace attune {

LayerNorm::LayerNorm(std::string name, std::size_t features)
    : name_(std::move(name)), features_(features) {}

void LayerNorm::init(Params& params, Rng&) const {
  params.add(name_ + ".gamma", Array::full({features_}, 1));
  params.add(name_ + ".beta", Array::zeros({features_}));
}

Var LayerNorm::forward(const Params& params, const Var& x, Context&) const {
  return layer_norm(x, params[name_ + ".gamma"], params[name_ + ".beta"], kEps);
}

}  // namespace attune
