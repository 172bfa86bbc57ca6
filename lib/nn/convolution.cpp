#include "nn/convolution.hpp"

#include "nn/initialise.hpp"

namespace attune {

Convolution::Convolution(std::string name, std::size_t in, std::size_t out, Settings settings)
    : name_(std::move(name)), in_(in), out_(out), settings_(settings) {}

void Convolution::init(Params& params, Rng& rng) const {
  Rng own = rng.fork(name_);
  const std::size_t k = settings_.kernel;
  params.add(name_ + ".weight", kaiming_uniform({out_, in_, k, k}, in_ * k * k, own));
  if (settings_.bias) params.add(name_ + ".bias", Array::zeros({out_}));
}

Var Convolution::forward(const Params& params, const Var& x, Context&) const {
  const Var y = conv2d(x, weight(params), settings_.how, settings_.blocked);
  if (!settings_.bias) return y;
  const bool blocked = y.shape().rank() == 5;
  const Shape channels = blocked ? Shape{1, out_ / 16, 1, 1, 16} : Shape{1, out_, 1, 1};
  return y + reshape(params[name_ + ".bias"], channels);
}

}  // namespace attune
