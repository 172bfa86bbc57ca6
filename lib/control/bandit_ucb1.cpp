#include <cmath>

#include "control/bandit.hpp"
#include "control/tuned.hpp"

namespace attune {
namespace {

// The arm of the highest mean + √(c·ln t / n), t and n pulls of all arms and of this one: Auer et
// al. 2002, fig. 1, has c = 2. Both counts begin with the two pulls, one paid, that stand for the
// uniform prior, so that not every arm must be tried once: with few pulls that costs much.
class Ucb1 : public Tuned {
 public:
  explicit Ucb1(const Config& config)
      : Tuned(config, "c", 0, 100,
              {0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 2},
              "factor under the root, as [c]") {}
  std::unique_ptr<Advisor> advisor(double c) const override { return std::make_unique<Bound>(c); }

 private:
  struct Bound : BanditAdvisor {
    explicit Bound(double factor) : c(factor) {}
    void score_arms(const BanditTrial& trial, Rng&, std::span<double> out) const override {
      const double log_t = std::log(static_cast<double>(2 * out.size() + trial.step()));
      for (std::size_t a = 0; a < out.size(); ++a) {
        const double pulls = 2.0 + trial.wins()[a] + trial.losses()[a];
        out[a] = trial.posterior_mean(a) + std::sqrt(c * log_t / pulls);
      }
    }
    double c;
  };
};

const Register<Policy, const BanditShape&> part{
    "ucb1", "upper confidence bound (Auer et al. 2002)",
    [](const Config& config, const BanditShape&) { return std::make_unique<Ucb1>(config); }};

}  // namespace
}  // namespace attune
