#pragma once
#include "nn/module.hpp"

namespace attune {

// Largest value of each k×k window, stride k, rest dropped; plain or blocked images.
class MaxPool : public Module {
 public:
  explicit MaxPool(std::size_t k) : k_(k) {}
  void init(Params& params, Rng& rng) const override;
  Var forward(const Params& params, const Var& x, Context& context) const override;

 private:
  std::size_t k_;
};

// Mean of each k×k window, stride k, rest dropped; plain or blocked images.
class AveragePool : public Module {
 public:
  explicit AveragePool(std::size_t k) : k_(k) {}
  void init(Params& params, Rng& rng) const override;
  Var forward(const Params& params, const Var& x, Context& context) const override;

 private:
  std::size_t k_;
};

// Mean of each channel: plain or blocked images → (S,C).
class GlobalAveragePool : public Module {
 public:
  void init(Params& params, Rng& rng) const override;
  Var forward(const Params& params, const Var& x, Context& context) const override;
};

}  // namespace attune
