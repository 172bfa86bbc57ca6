#include "control/bandit.hpp"

namespace attune {
namespace {

struct Greedy : Policy {
  struct Best : BanditAdvisor {
    void score_arms(const BanditTrial& trial, Rng&, std::span<double> out) const override {
      for (std::size_t a = 0; a < out.size(); ++a) out[a] = trial.posterior_mean(a);
    }
  };
  std::unique_ptr<Advisor> advisor(double) const override { return std::make_unique<Best>(); }
};

const Register<Policy, const BanditShape&> part{
    "greedy", "the arm of the highest posterior mean",
    [](const Config&, const BanditShape&) { return std::make_unique<Greedy>(); }};

}  // namespace
}  // namespace attune
