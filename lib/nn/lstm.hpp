#pragma once
#include "nn/module.hpp"
#include "nn/sequence.hpp"

namespace attune {

// What a recurrent layer carries from step to step, (B,hidden) each.
struct LstmState {
  Var h, c;
};

// One step of long short-term memory with a forget gate, without peepholes (Gers et al. 2000):
//   i, f, o = σ(z_i, z_f, z_o), g = tanh(z_g), z = x·W + r·R + b
//   c' = f∘c + i∘g,  h' = o∘tanh(c')
// r is what recurs: h, or wider when a caller joins something to it.
// Weights, gates in the order i, f, g, o: <name>.input (in,4·hidden) and <name>.recurrent
// (recurrent,4·hidden), Glorot uniform; <name>.bias (4·hidden), 1 for the forget gate, else 0.
class LstmCell {
 public:
  LstmCell(std::string name, std::size_t in, std::size_t hidden, std::size_t recurrent);
  void init(Params& params, Rng& rng) const;
  std::size_t hidden() const { return hidden_; }
  // x·W + b (…,4·hidden), for any number of steps at once.
  Var project(const Params& params, const Var& x) const;
  // projected (B,4·hidden), r (B,recurrent), c (B,hidden).
  LstmState step(const Params& params, const Var& projected, const Var& r, const Var& c) const;

 private:
  std::string name_;
  std::size_t in_, hidden_, recurrent_;
};

// A layer of such cells along time, from the first step to the last or back; starts from zeros.
class Lstm {
 public:
  using Direction = attune::Direction;
  Lstm(const std::string& name, std::size_t in, std::size_t hidden, Direction direction);
  void init(Params& params, Rng& rng) const { cell_.init(params, rng); }
  struct Output {
    Var each;        // (B,T,hidden), h after each step, at the step's own place
    LstmState last;  // after all steps
  };
  // x (B,T,in). `present`, when given, (B,T): 1 where a sequence has a step; elsewhere its state
  // stays what it was and `each` is 0.
  Output forward(const Params& params, const Var& x, const Array* present = nullptr) const;

 private:
  LstmCell cell_;
  Direction direction_;
};

}  // namespace attune
