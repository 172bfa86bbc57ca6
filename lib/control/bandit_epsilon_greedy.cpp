#include <algorithm>

#include "control/bandit.hpp"
#include "control/tuned.hpp"

namespace attune {
namespace {

// Any arm with probability ε, else that of the highest posterior mean.
class EpsilonGreedy : public Tuned {
 public:
  explicit EpsilonGreedy(const Config& config)
      : Tuned(config, "epsilon", 0, 1,
              {0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5},
              "share of pulls of any arm, as [ε]") {}
  std::unique_ptr<Advisor> advisor(double epsilon) const override {
    return std::make_unique<Mostly>(epsilon);
  }

 private:
  struct Mostly : BanditAdvisor {
    explicit Mostly(double share) : epsilon(share) {}
    void score_arms(const BanditTrial& trial, Rng& rng, std::span<double> out) const override {
      if (rng.uniform() < epsilon) {
        std::ranges::fill(out, 0.0);
        return;
      }
      for (std::size_t a = 0; a < out.size(); ++a) out[a] = trial.posterior_mean(a);
    }
    double epsilon;
  };
};

const Register<Policy, const BanditShape&> part{
    "epsilon_greedy", "any arm with probability ε, else the highest posterior mean",
    [](const Config& config, const BanditShape&) {
      return std::make_unique<EpsilonGreedy>(config);
    }};

}  // namespace
}  // namespace attune
