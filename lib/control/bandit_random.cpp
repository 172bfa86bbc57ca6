#include <algorithm>

#include "control/bandit.hpp"

namespace attune {
namespace {

struct Random : Policy {
  struct Any : BanditAdvisor {
    void score_arms(const BanditTrial&, Rng&, std::span<double> out) const override {
      std::ranges::fill(out, 0.0);
    }
  };
  std::unique_ptr<Advisor> advisor(double) const override { return std::make_unique<Any>(); }
};

const Register<Policy, const BanditShape&> part{
    "random", "any arm",
    [](const Config&, const BanditShape&) { return std::make_unique<Random>(); }};

}  // namespace
}  // namespace attune
