#include "nn/optimiser.hpp"

namespace attune {

namespace {

class Constant : public Schedule {
 public:
  double rate(std::size_t, std::size_t) const override { return 1; }
};

const Register<Schedule> part{"constant", "the base rate in every step",
                              [](const Config&) { return std::make_unique<Constant>(); }};

}  // namespace
}  // namespace attune
