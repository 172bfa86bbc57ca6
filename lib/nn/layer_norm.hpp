#pragma once
#include "nn/module.hpp"

namespace attune {

// Normalises each row over the last axis, eps 1e-5; x (…,features). Ba et al. 2016, eq. 4.
// Weights <name>.gamma (ones) and <name>.beta (zeros), (features).
class LayerNorm : public Module {
 public:
  static constexpr Real kEps = static_cast<Real>(1e-5);
  LayerNorm(std::string name, std::size_t features);
  void init(Params& params, Rng& rng) const override;
  Var forward(const Params& params, const Var& x, Context& context) const override;

 private:
  std::string name_;
  std::size_t features_;
};

}  // namespace attune
