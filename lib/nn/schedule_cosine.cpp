#include <algorithm>
#include <cmath>
#include <numbers>

#include "nn/optimiser.hpp"

namespace attune {

namespace {

// Linear to 1 in the first `warmup` steps, then half a cosine down to `final`, which the step after
// the last would reach.
class Cosine : public Schedule {
 public:
  explicit Cosine(const Config& config)
      : warmup_(static_cast<std::size_t>(
            config.integer("warmup", 0, {0, 1'000'000'000}, "steps of linear increase"))),
        final_(config.real("final", 0, {0, 1}, "rate at the end, as a part of the base rate")) {}

  double rate(std::size_t step, std::size_t steps) const override {
    if (step < warmup_) return static_cast<double>(step + 1) / static_cast<double>(warmup_);
    if (steps <= warmup_) return 1;
    const double done =
        static_cast<double>(std::min(step, steps) - warmup_) / static_cast<double>(steps - warmup_);
    return final_ + (1 - final_) * (1 + std::cos(std::numbers::pi * done)) / 2;
  }

 private:
  std::size_t warmup_;
  double final_;
};

const Register<Schedule> part{
    "cosine", "linear warm-up, then half a cosine (Loshchilov & Hutter 2017, eq. 5)",
    [](const Config& config) { return std::make_unique<Cosine>(config); }};

}  // namespace
}  // namespace attune
