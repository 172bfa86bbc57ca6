#pragma once
#include "nn/module.hpp"

namespace attune {

// k×k convolution (cross-correlation). x (S,in,Y,X) or blocked → (S,out,Y',X'), blocked when
// out % 16 == 0 and `blocked`.
// Weights <name>.weight (out,in,k,k), Kaiming uniform with fan_in = in·k², and <name>.bias (out),
// zeros.
class Convolution : public Module {
 public:
  struct Settings {
    std::size_t kernel = 3;
    kernel::Conv2d how = {};  // stride 1, padding 1
    bool bias = true;
    bool blocked = false;
  };
  Convolution(std::string name, std::size_t in, std::size_t out, Settings settings);
  void init(Params& params, Rng& rng) const override;
  Var forward(const Params& params, const Var& x, Context& context) const override;
  const Var& weight(const Params& params) const { return params[name_ + ".weight"]; }
  const Settings& settings() const { return settings_; }

 private:
  std::string name_;
  std::size_t in_, out_;
  Settings settings_;
};

}  // namespace attune
