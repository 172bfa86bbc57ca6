#include "learner/adapt.hpp"

namespace attune {
namespace {

// MAML whose training takes the inner gradients for constants: the query gradient at the adapted
// weights is the step of the initial ones.
class Fomaml : public GradientLearner {
 public:
  using GradientLearner::GradientLearner;

 protected:
  bool second_order() const override { return false; }
};

const Register<Learner, const InputShape&> part{
    "fomaml", "MAML without the curvature of its inner loop (Finn et al. 2017, §5.2)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<Fomaml>(config, input);
    }};

}  // namespace
}  // namespace attune
