#include "attention/normaliser_parts.hpp"
#include "autograd/masked_softmax.hpp"

namespace attune {
namespace {

constexpr std::size_t kLong = 128;  // items from which on one fused kernel is worth it

// weights = exp(s − max) / Σ exp(s − max) over the last axis.
class Softmax : public Normaliser {
 public:
  Var operator()(const Var& scores, const Mask& mask, Context&) const override {
    const std::size_t items = scores.shape().back();
    const bool fused = !mask.empty && items >= kLong && mask.allowed.shape().back() == items;
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
