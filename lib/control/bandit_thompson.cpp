#include <algorithm>

#include "control/bandit.hpp"
#include "control/random_numbers.hpp"

namespace attune {
namespace {

// A number drawn for each arm from what is believed of it; optimistic: no less than its mean.
class Thompson : public Policy {
 public:
  explicit Thompson(bool optimistic) : optimistic_(optimistic) {}
  std::unique_ptr<Advisor> advisor(double) const override {
    return std::make_unique<Sampled>(optimistic_);
  }

 private:
  struct Sampled : BanditAdvisor {
    explicit Sampled(bool from_mean) : optimistic(from_mean) {}
    void score_arms(const BanditTrial& trial, Rng& rng, std::span<double> out) const override {
      for (std::size_t a = 0; a < out.size(); ++a) {
        out[a] = beta_number(1.0 + trial.wins()[a], 1.0 + trial.losses()[a], rng);
        if (optimistic) out[a] = std::max(out[a], trial.posterior_mean(a));
      }
    }
    bool optimistic;
  };
  bool optimistic_;
};

const Register<Policy, const BanditShape&> sampled{
    "thompson", "posterior sampling (Thompson 1933)",
    [](const Config&, const BanditShape&) { return std::make_unique<Thompson>(false); }};
const Register<Policy, const BanditShape&> optimistic{
    "optimistic_thompson", "posterior sampling, never below the mean (May et al. 2012)",
    [](const Config&, const BanditShape&) { return std::make_unique<Thompson>(true); }};

}  // namespace
}  // namespace attune
