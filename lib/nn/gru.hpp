#pragma once
#include "nn/module.hpp"
#include "nn/sequence.hpp"

namespace attune {

// One step of a gated recurrent unit (Cho et al. 2014, eq. 5–8, in the form of Chung et al. 2014
// whose reset gate is applied after the recurrent product, so that a step is one product):
//   r, z = σ(x·W_r + h·R_r), σ(x·W_z + h·R_z),  n = tanh(x·W_n + r∘(h·R_n + c)),
//   h' = (1 − z)∘n + z∘h
// Weights, gates in the order r, z, n: <name>.input (in,3·hidden) and <name>.recurrent
// (hidden,3·hidden), Glorot uniform; <name>.bias (3·hidden) and <name>.candidate_bias (hidden),
// the c above, zeros.
class GruCell {
 public:
  GruCell(std::string name, std::size_t in, std::size_t hidden);
  void init(Params& params, Rng& rng) const;
  std::size_t hidden() const { return hidden_; }
  // x·W + b (…,3·hidden), for any number of steps at once.
  Var project(const Params& params, const Var& x) const;
  // projected (B,3·hidden), h (B,hidden) → h' (B,hidden).
  Var step(const Params& params, const Var& projected, const Var& h) const;
  // All steps of projected (B,T,3·hidden) from start (B,hidden) → h after each, (B,T,hidden);
  // `present` as in Gru::forward.
  Var sequence(const Params& params, const Var& projected, const Var& start, bool back,
               const Array* present) const;

 private:
  std::string name_;
  std::size_t in_, hidden_;
};

// A layer of such cells along time, from the first step to the last or back; starts from zeros or
// from a state that is handed in.
class Gru {
 public:
  Gru(const std::string& name, std::size_t in, std::size_t hidden, Direction direction);
  void init(Params& params, Rng& rng) const { cell_.init(params, rng); }
  const GruCell& cell() const { return cell_; }
  // x (B,T,in) → h after each step, at the step's own place, (B,T,hidden). `present`, when given,
  // (B,T): 1 where a sequence has a step; elsewhere its state stays what it was and the output is
  // 0. `start`, when given, (B,hidden).
  Var forward(const Params& params, const Var& x, const Array* present = nullptr,
              const Var* start = nullptr) const;

 private:
  GruCell cell_;
  Direction direction_;
};

}  // namespace attune
