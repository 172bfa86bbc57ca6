#pragma once
#include "nn/batch_norm.hpp"
#include "nn/convolution.hpp"

namespace attune {

// 3×3 convolution without bias → batch-norm → ReLU → 2×2 max-pool, the block of Conv-4.
// x (S,in,Y,X) or blocked → (S,out,⌊Y/2⌋+b,⌊X/2⌋+b), b the border: zeros put around the image, in
// pixels per side; blocked and fused when out % 16 == 0.
// Parts <name>.conv and <name>.norm. Vinyals et al. 2016, §4.1.
class ConvBlock : public Module {
 public:
  ConvBlock(const std::string& name, std::size_t in, std::size_t out, std::size_t border = 0);
  void init(Params& params, Rng& rng) const override;
  Var forward(const Params& params, const Var& x, Context& context) const override;

 private:
  Convolution conv_;
  BatchNorm norm_;
};

}  // namespace attune
