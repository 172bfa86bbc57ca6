#include "attention/attention.hpp"

namespace attune {
namespace {

// The same weight for every allowed item: the control that attends to nothing in particular.
class Uniform : public Normaliser {
 public:
  Var operator()(const Var& scores, const Mask& mask, Context&) const override {
    const Array ones = Array::full(scores.shape(), 1);
    const Array allowed = mask.empty ? ones : kernel::mul(ones, mask.allowed);
    const std::size_t last[] = {scores.shape().rank() - 1};
    const Array count = kernel::maximum(kernel::sum(allowed, last, true), Array::scalar(1));
    return constant(kernel::div(allowed, count));
  }
};

const Register<Normaliser> part{"uniform", "1/S for every item: the control without attention",
                                [](const Config&) { return std::make_unique<Uniform>(); }};

}  // namespace
}  // namespace attune
