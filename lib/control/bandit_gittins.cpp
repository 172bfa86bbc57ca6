#include "control/bandit.hpp"
#include "control/gittins.hpp"
#include "control/lazy.hpp"

namespace attune {
namespace {

class Gittins : public Policy {
 public:
  Gittins(const Config& config, BanditShape shape)
      : pulls_(shape.pulls),
        discount_(config.real("discount", 0.99, {0.01, 0.999}, "γ, of a reward one pull later")) {}
  std::unique_ptr<Advisor> advisor(double) const override {
    return std::make_unique<Index>(
        table_.get([this] { return std::make_shared<GittinsTable>(pulls_, discount_); }));
  }

 private:
  struct Index : BanditAdvisor {
    explicit Index(std::shared_ptr<const GittinsTable> of) : table(std::move(of)) {}
    void score_arms(const BanditTrial& trial, Rng&, std::span<double> out) const override {
      for (std::size_t a = 0; a < out.size(); ++a)
        out[a] = (*table)(trial.wins()[a], trial.losses()[a]);
    }
    std::shared_ptr<const GittinsTable> table;
  };
  std::uint32_t pulls_;
  double discount_;
  Lazy<GittinsTable> table_;
};

const Register<Policy, const BanditShape&> part{
    "gittins", "the arm of the highest Gittins index (Gittins 1979)",
    [](const Config& config, const BanditShape& shape) {
      return std::make_unique<Gittins>(config, shape);
    }};

}  // namespace
}  // namespace attune
