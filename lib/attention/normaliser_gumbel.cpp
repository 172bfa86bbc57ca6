#include <algorithm>
#include <cmath>

#include "attention/normaliser_parts.hpp"

namespace attune {
namespace {

// −log(−log u), u uniform: the noise whose argmax draws from softmax(scores).
Array gumbel_noise(const Shape& shape, Rng& rng) {
  Array result(shape);
  Real* const out = result.mutable_data();
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double exponential = std::max(-std::log1p(-rng.uniform()), 0x1p-54);
    out[i] = static_cast<Real>(-std::log(exponential));
  }
  return result;
}

// weights = softmax((scores + noise)/temperature), without noise outside training. Hard: 1 at the
// largest, backwards the soft weights.
class Gumbel : public Normaliser {
 public:
  explicit Gumbel(const Config& config)
      : factor_(static_cast<Real>(
            1 / config.real("temperature", 1, {1e-3, 1e3}, "divides the noisy scores"))),
        hard_(config.flag("hard", false, "one item per row, gradient of the soft weights")) {}
  Var operator()(const Var& scores, const Mask& mask, Context& context) const override {
    const Var noisy = disturbed(scores, mask, context);
    const Var soft = softmax(noisy);
    return hard_ ? straight_through(at_first_maximum(noisy.value()), soft) : soft;
  }
  bool has_log() const override { return !hard_; }
  Var log(const Var& scores, const Mask& mask, Context& context) const override {
    return hard_ ? Normaliser::log(scores, mask, context)
                 : log_softmax(disturbed(scores, mask, context));
  }
  bool straight_through_gradient() const override { return hard_; }

 private:
  Var disturbed(const Var& scores, const Mask& mask, Context& context) const {
    const Var allowed = masked(scores, mask);
    if (context.mode != Mode::train) return allowed * factor_;
    return (allowed + constant(gumbel_noise(scores.shape(), context.rng))) * factor_;
  }
  Real factor_;
  bool hard_;
};

const Register<Normaliser> part{
    "gumbel", "softmax((s+Gumbel noise)/t), hard or soft (Jang et al. 2017, eq. 2)",
    [](const Config& config) { return std::make_unique<Gumbel>(config); }};

}  // namespace
}  // namespace attune
