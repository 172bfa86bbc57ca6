#pragma once
#include <vector>

#include "nn/module.hpp"

namespace attune {

// Turns gradients into new weights, in place. Registered kinds: "adam", "sgd".
class Optimiser {
 public:
  virtual ~Optimiser() = default;
  // weights and gradients in Params order; `rate` comes from the schedule. State is created on
  // first use.
  virtual void update(Params& params, const std::vector<Array>& gradients, double rate) = 0;
  // State as named arrays for checkpoints; restore(state()) continues with the same bits.
  virtual std::map<std::string, Array> state() const = 0;
  virtual void restore(const std::map<std::string, Array>& state) = 0;
};
using OptimiserRegistry = Registry<Optimiser>;

// Learning rate of a step (0-based) of `steps`. Registered kinds: "constant", "halving" (halved at
// `times` equally spaced points), "cosine" (to `final` times the base, after linear `warmup`
// steps).
class Schedule {
 public:
  virtual ~Schedule() = default;
  virtual double rate(std::size_t step, std::size_t steps) const = 0;  // factor of the base rate
};
using ScheduleRegistry = Registry<Schedule>;

// Scales all gradients so that their joint Euclidean norm is at most `limit`; returns the norm
// before.
double clip_by_norm(std::vector<Array>& gradients, double limit);

}  // namespace attune
