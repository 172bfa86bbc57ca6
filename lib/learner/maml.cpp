#include "learner/adapt.hpp"

namespace attune {
namespace {

const Register<Learner, const InputShape&> part{
    "maml", "gradient steps on the support, trained through them (Finn et al. 2017, algorithm 2)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<GradientLearner>(config, input);
    }};

}  // namespace
}  // namespace attune
