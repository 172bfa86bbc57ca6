#include "learner/adapt.hpp"

namespace attune {
namespace {

// MAML with a rate of its own for each weight, learned with them: weights "rate.<name>", at first
// all inner_rate. A learned rate may become negative (§3).
class MetaSgd : public GradientLearner {
 public:
  using GradientLearner::GradientLearner;
  void init(Params& params, Rng& rng) const override {
    GradientLearner::init(params, rng);
    for (const std::string& name : params.names())
      params.add(kRate + name,
                 Array::full(params[name].shape(), static_cast<Real>(inner().rate())));
  }

 protected:
  bool adapts(const std::string& name) const override { return !name.starts_with(kRate); }
  // Li et al. 2017, eq. 1.
  Var descend(const Params& params, const std::string& name, const Var& weight,
              const Var& gradient) const override {
    return weight - params[kRate + name] * gradient;
  }

 private:
  inline static const std::string kRate = "rate.";
};

const Register<Learner, const InputShape&> part{
    "meta_sgd", "MAML with learned per-weight rates (Li et al. 2017, algorithm 1)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<MetaSgd>(config, input);
    }};

}  // namespace
}  // namespace attune
