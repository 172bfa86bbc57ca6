#include <algorithm>
#include <cmath>

#include "nn/optimiser.hpp"

namespace attune {

namespace {

// times + 1 stretches of equal length, each at half the rate of the one before.
class Halving : public Schedule {
 public:
  explicit Halving(const Config& config)
      : times_(static_cast<std::size_t>(
            config.integer("times", 6, {1, 1000}, "how often the rate is halved"))) {}

  double rate(std::size_t step, std::size_t steps) const override {
    const std::size_t halvings =
        std::min(times_, step * (times_ + 1) / std::max<std::size_t>(1, steps));
    return std::ldexp(1.0, -static_cast<int>(halvings));
  }

 private:
  std::size_t times_;
};

const Register<Schedule> part{
    "halving", "halved at equally spaced steps (Snell et al. 2017, §3)",
    [](const Config& config) { return std::make_unique<Halving>(config); }};

}  // namespace
}  // namespace attune
