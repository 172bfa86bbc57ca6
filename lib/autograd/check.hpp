#pragma once
// Checks of derivatives against differences, for tests in double precision.
#include <functional>

#include "autograd/var.hpp"
#include "base/rng.hpp"

namespace attune {

// Values of the given shapes in [low, high]: in random order, all different by at least
// (high − low)/n of the n together, and none of them 0 — away from the kinks of max, relu and abs.
std::vector<Array> spread(const std::vector<Shape>& shapes, double low, double high, Rng& rng);

// Largest differences between gradients and central differences, relative to the largest
// difference quotient or to 0.1.
struct DerivativeErrors {
  double first = 0;   // of at most 150 entries of each input
  double second = 0;  // of the Hessian times a random direction
};
// For L = ⟨f(x), w⟩ with random w, whose derivatives count too: the second derivative then tests
// both how a pullback depends on the inputs and how on the gradient that comes in.
DerivativeErrors check_derivatives(const std::function<Var(const Vars&)>& f,
                                   const std::vector<Array>& at, Rng& rng, double step = 1e-5);

}  // namespace attune
