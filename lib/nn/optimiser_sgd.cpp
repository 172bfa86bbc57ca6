#include "nn/optimiser.hpp"
#include "nn/optimiser_state.hpp"

namespace attune {

namespace {

class Sgd : public Optimiser {
 public:
  explicit Sgd(const Config& config)
      : momentum_(config.real("momentum", 0.9, {0, 0.999999}, "decay of the velocity")),
        nesterov_(config.flag("nesterov", false, "look ahead along the velocity")),
        decay_(config.real("weight_decay", 0, {0, 1},
                           "times the weight is added to the gradient, but for single numbers")) {
    if (nesterov_ && momentum_ == 0) {
      const std::string where = config.path().empty() ? "" : config.path() + ".";
      throw UsageError(config.origin() + ": " + where +
                       "nesterov: want false without momentum, have true");
    }
  }

  void update(Params& params, const std::vector<Array>& gradients, double rate) override {
    check_gradients(params, gradients);
    velocity_.prepare(params);
    params.change([&](std::size_t i, const std::string& name, Array& weight) {
      move(weight, gradients[i], velocity_.of(name), static_cast<Real>(rate));
    });
  }

  std::map<std::string, Array> state() const override {
    std::map<std::string, Array> state;
    velocity_.save(state);
    return state;
  }

  void restore(const std::map<std::string, Array>& state) override { velocity_.restore(state); }

 private:
  // Sutskever et al. 2013, §2, with the rate outside the velocity.
  void move(Array& weight, const Array& gradient, Real* velocity, Real rate) const {
    const Real momentum = static_cast<Real>(momentum_);
    const Real decay = decays(weight) ? static_cast<Real>(decay_) : Real(0);
    Real* w = weight.mutable_data();
    const Real* g = gradient.data();
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const Real slope = g[i] + decay * w[i];
      velocity[i] = momentum * velocity[i] + slope;
      w[i] -= rate * (nesterov_ ? slope + momentum * velocity[i] : velocity[i]);
    }
  }

  double momentum_;
  bool nesterov_;
  double decay_;
  Moments velocity_{"velocity"};
};

const Register<Optimiser> part{
    "sgd", "gradient descent with momentum, Nesterov's on request (Sutskever et al. 2013)",
    [](const Config& config) { return std::make_unique<Sgd>(config); }};

}  // namespace
}  // namespace attune
