#include "control/mdp.hpp"

namespace attune {
namespace {

// Plans with the process itself, which no agent is told: a ceiling.
class Knower : public MdpPlanner {
  MdpModel<double> believed(const MdpTrial& trial, Rng&) const override {
    return in_double(trial.model());
  }
};

struct Known : Policy {
  std::unique_ptr<Advisor> advisor(double) const override { return std::make_unique<Knower>(); }
};

const Register<Policy, const MdpShape&> part{
    "known", "the best of who knows the process: a ceiling",
    [](const Config&, const MdpShape&) { return std::make_unique<Known>(); }};

}  // namespace
}  // namespace attune
