#include "control/bandit.hpp"
#include "control/gittins.hpp"
#include "control/lazy.hpp"

namespace attune {
namespace {

class FiniteHorizon : public Policy {
 public:
  explicit FiniteHorizon(BanditShape shape) : pulls_(shape.pulls) {}
  std::unique_ptr<Advisor> advisor(double) const override {
    return std::make_unique<Index>(
        table_.get([this] { return std::make_shared<FiniteHorizonTable>(pulls_); }));
  }

 private:
  struct Index : BanditAdvisor {
    explicit Index(std::shared_ptr<const FiniteHorizonTable> of) : table(std::move(of)) {}
    void score_arms(const BanditTrial& trial, Rng&, std::span<double> out) const override {
      for (std::size_t a = 0; a < out.size(); ++a)
        out[a] = (*table)(trial.wins()[a], trial.losses()[a], trial.left());
    }
    std::shared_ptr<const FiniteHorizonTable> table;
  };
  std::uint32_t pulls_;
  Lazy<FiniteHorizonTable> table_;
};

const Register<Policy, const BanditShape&> part{
    "finite_horizon", "the index of the pulls that are left (Bradt et al. 1956; Lattimore 2016)",
    [](const Config&, const BanditShape& shape) {
      constexpr std::uint32_t kMost = 200;
      if (shape.pulls > kMost)
        throw UsageError("finite_horizon: want at most 200 pulls, have " +
                         std::to_string(shape.pulls));
      return std::make_unique<FiniteHorizon>(shape);
    }};

}  // namespace
}  // namespace attune
