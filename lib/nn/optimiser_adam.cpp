#include <cmath>

#include "array/adam.hpp"
#include "nn/optimiser.hpp"
#include "nn/optimiser_state.hpp"

namespace attune {

namespace {

class Adam : public Optimiser {
 public:
  explicit Adam(const Config& config)
      : beta1_(config.real("beta1", 0.9, {0, kMost}, "decay of the mean of gradients")),
        beta2_(config.real("beta2", 0.999, {0, kMost}, "decay of the mean of their squares")),
        epsilon_(config.real("epsilon", 1e-8, {1e-16, 1}, "added to the root of the squares")),
        decay_(config.real(
            "weight_decay", 0, {0, 1},
            "weights shrink by rate times this in each step, but for single numbers")) {}

  void update(Params& params, const std::vector<Array>& gradients, double rate) override {
    check_gradients(params, gradients);
    mean_.prepare(params);
    square_.prepare(params);
    ++step_;
    const double t = static_cast<double>(step_);
    kernel::AdamStep step{static_cast<Real>(beta1_),
                          static_cast<Real>(1 - beta1_),
                          static_cast<Real>(beta2_),
                          static_cast<Real>(1 - beta2_),
                          static_cast<Real>(rate / (1 - std::pow(beta1_, t))),
                          static_cast<Real>(1 / std::sqrt(1 - std::pow(beta2_, t))),
                          static_cast<Real>(epsilon_),
                          1};
    params.change([&](std::size_t i, const std::string& name, Array& weight) {
      step.keep = decays(weight) ? static_cast<Real>(1 - rate * decay_) : Real(1);
      kernel::adam(step, gradients[i], weight, mean_.of(name), square_.of(name));
    });
  }

  std::map<std::string, Array> state() const override {
    std::map<std::string, Array> state;
    mean_.save(state);
    square_.save(state);
    // Two digits to base 65536, since a float counts only to 2^24.
    state["step"] =
        Array::of({2}, {static_cast<Real>(step_ / kDigit), static_cast<Real>(step_ % kDigit)});
    return state;
  }

  void restore(const std::map<std::string, Array>& state) override {
    mean_.restore(state);
    square_.restore(state);
    step_ = 0;
    const auto found = state.find("step");
    if (found == state.end()) return;
    if (found->second.size() != 2) throw Error("optimiser: step: want 2 numbers");
    step_ = digit(found->second.data()[0], 1 << 24) * kDigit +
            digit(found->second.data()[1], kDigit - 1);
  }

 private:
  static constexpr double kMost = 0.999999;
  static constexpr std::size_t kDigit = 65536;

  static std::size_t digit(Real value, std::size_t most) {
    if (!(value >= 0 && value <= static_cast<Real>(most)) || value != std::floor(value))
      throw Error("optimiser: step: want whole numbers of 0 to " + std::to_string(most) +
                  ", have another");
    return static_cast<std::size_t>(value);
  }

  double beta1_, beta2_, epsilon_, decay_;
  std::size_t step_ = 0;
  Moments mean_{"mean"}, square_{"square"};
};

const Register<Optimiser> part{
    "adam", "adaptive moments, decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019)",
    [](const Config& config) { return std::make_unique<Adam>(config); }};

}  // namespace
}  // namespace attune
