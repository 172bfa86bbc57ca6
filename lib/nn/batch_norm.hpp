#pragma once
#include "nn/module.hpp"

namespace attune {

// Batch normalisation per channel, eps 1e-5. Ioffe & Szegedy 2015, algorithms 1 and 2.
// Weights <name>.gamma (ones) and <name>.beta (zeros), buffers <name>.mean (zeros) and <name>.var
// (ones), all (channels).
// Mode::train: the batch's statistics; they go to context.updates, the variance unbiased; a second
// pass in one context replaces the first. Mode::evaluate: the buffers. Mode::transductive: the
// batch's, nothing is noted. In both, the first context.reference_rows rows stand for the batch if
// that is above 0.
class BatchNorm : public Module {
 public:
  static constexpr Real kEps = static_cast<Real>(1e-5);
  // axis: of the channels in plain x; 1 for images (S,C,Y,X) and features (S,D).
  BatchNorm(std::string name, std::size_t channels, std::size_t axis = 1);
  void init(Params& params, Rng& rng) const override;
  Var forward(const Params& params, const Var& x, Context& context) const override;
  // max_pool(relu(norm(conv2d(x, w, how))), pool) in blocked images, fused.
  Var conv_relu_pool(const Params& params, const Var& x, const Var& w, kernel::Conv2d how,
                     std::size_t pool, Context& context) const;
  // max_pool(relu(norm(x)), pool) in blocked images, fused.
  Var relu_pool(const Params& params, const Var& x, std::size_t pool, Context& context) const;
  // relu(norm(x)) of features (S,D), fused when D % 16 == 0.
  Var relu(const Params& params, const Var& x, Context& context) const;

 private:
  kernel::NormStats running(const Params& params) const;
  void note(const kernel::NormStats& used, std::size_t count, Context& context) const;

  std::string name_;
  std::size_t channels_, axis_;
};

}  // namespace attune
