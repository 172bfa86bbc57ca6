#include "nn/conv_block.hpp"

namespace attune {

ConvBlock::ConvBlock(const std::string& name, std::size_t in, std::size_t out, std::size_t border)
    : conv_(name + ".conv", in, out, {.how = {.pad = 1 + border}, .bias = false, .blocked = true}),
      norm_(name + ".norm", out) {}

void ConvBlock::init(Params& params, Rng& rng) const {
  conv_.init(params, rng);
  norm_.init(params, rng);
}

Var ConvBlock::forward(const Params& params, const Var& x, Context& context) const {
  constexpr std::size_t kPool = 2;
  const Var& w = conv_.weight(params);
  if (w.shape()[0] % 16 == 0) {
    return norm_.conv_relu_pool(params, x, w, conv_.settings().how, kPool, context);
  }
  const Var y = conv_.forward(params, x, context);
  return max_pool(relu(norm_.forward(params, y, context)), kPool);
}

}  // namespace attune
