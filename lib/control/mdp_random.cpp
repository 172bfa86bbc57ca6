#include <algorithm>

#include "control/mdp.hpp"

namespace attune {
namespace {

struct Random : Policy {
  struct Any : Advisor {
    void scores(const Trial&, Rng&, std::span<double> out) override { std::ranges::fill(out, 0.0); }
  };
  std::unique_ptr<Advisor> advisor(double) const override { return std::make_unique<Any>(); }
};

const Register<Policy, const MdpShape&> part{
    "random", "any action",
    [](const Config&, const MdpShape&) { return std::make_unique<Random>(); }};

}  // namespace
}  // namespace attune
