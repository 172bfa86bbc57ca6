#pragma once
#include "nn/module.hpp"

namespace attune {

// What tells the items of a sequence apart by their place, added to their features. Config "kind":
//   "sinusoidal" (default): sin and cos of the place at geometric wavelengths, no weights, for any
//     length (Vaswani et al. 2017, §3.5);
//   "learned": a weight <name>.weight ("length",features), N(0, 0.02²), for sequences of at most
//     "length" (512) items (Gehring et al. 2017, §3.1);
//   "none": nothing is added.
class Positions {
 public:
  Positions(const Config& config, std::size_t features, std::string name);
  void init(Params& params, Rng& rng) const;
  // x (…,T,features) + the places first … first + T − 1. UsageError beyond "length".
  Var operator()(const Params& params, const Var& x, std::size_t first = 0) const;

 private:
  std::string name_, kind_;
  std::size_t features_, length_ = 0;
};

// (count,features): sin(p/10000^(2i/features)) in column 2i, cos in 2i + 1, p from `first`.
Array sinusoids(std::size_t first, std::size_t count, std::size_t features);

}  // namespace attune
