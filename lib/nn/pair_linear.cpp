#include "nn/pair_linear.hpp"

namespace attune {

PairLinear::PairLinear(const std::string& name, std::size_t in_a, std::size_t in_b, std::size_t out)
    : first_(name + ".first", in_a, out, false), second_(name + ".second", in_b, out) {}

void PairLinear::init(Params& params, Rng& rng) const {
  first_.init(params, rng);
  second_.init(params, rng);
}

Var PairLinear::operator()(const Params& params, const Var& a, const Var& b,
                           Context& context) const {
  return add_pairs(first_.forward(params, a, context), second_.forward(params, b, context));
}

Var add_pairs(const Var& a, const Var& b) {
  Shape shape{a.shape()[0], b.shape()[0]};
  for (std::size_t i = 1; i < a.shape().rank(); ++i) shape.push_back(a.shape()[i]);
  const std::size_t size = a.shape()[0] == 0 ? 0 : a.shape().size() / a.shape()[0];
  return reshape(reshape(a, {shape[0], 1, size}) + reshape(b, {1, shape[1], size}), shape);
}

}  // namespace attune
