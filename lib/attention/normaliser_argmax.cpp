#include "attention/normaliser_parts.hpp"

namespace attune {
namespace {

// weights = 1 at the largest score, backwards softmax.
class Argmax : public Normaliser {
 public:
  Var operator()(const Var& scores, const Mask& mask, Context&) const override {
    const Var allowed = masked(scores, mask);
    return straight_through(at_first_maximum(allowed.value()), softmax(allowed));
  }
  bool straight_through_gradient() const override { return true; }
};

const Register<Normaliser> part{
    "argmax", "1 at the largest score: hard attention, gradient of softmax (straight-through)",
    [](const Config&) { return std::make_unique<Argmax>(); }};

}  // namespace
}  // namespace attune
