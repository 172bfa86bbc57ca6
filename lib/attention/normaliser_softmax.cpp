#include "attention/normaliser_parts.hpp"
#include "autograd/masked_softmax.hpp"

namespace attune {
namespace {

// weights = exp(s − max) / Σ exp(s − max) over the last axis.
class Softmax : public Normaliser {
 public:
  Var operator()(const Var& scores, const Mask& mask, Context&) const override {
    const bool fused = !mask.empty && mask.allowed.shape().back() == scores.shape().back() &&
                       broadcast(scores.shape(), mask.allowed.shape()) == scores.shape();
    return fused ? masked_softmax(scores, mask.allowed) : softmax(masked(scores, mask));
  }
  bool has_log() const override { return true; }
  Var log(const Var& scores, const Mask& mask, Context&) const override {
    return log_softmax(masked(scores, mask));
  }
};

const Register<Normaliser> part{"softmax", "exp(s)/Σexp(s): soft attention",
                                [](const Config&) { return std::make_unique<Softmax>(); }};

}  // namespace
}  // namespace attune
