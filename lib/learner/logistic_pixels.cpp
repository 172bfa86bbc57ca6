#include "learner/floor.hpp"
#include "learner/logistic_regression.hpp"

namespace attune {
namespace {

// A floor: a linear classifier of the examples as they are, fitted to each episode's support.
class LogisticPixels : public Floor {
 public:
  LogisticPixels(const Config& config, const InputShape& input)
      : Floor(input),
        l2_(config.real("l2", 0.01, {1e-9, 1e3}, "weight of half the squared weights")) {}
  Var logits(const Params&, const Support& support, const Query& query, Context&,
             Trace*) const override {
    return constant(
        logistic_regression(support.x.value(), support.labels, support.ways, l2_, query.x.value()));
  }

 private:
  double l2_;
};

const Register<Learner, const InputShape&> part{
    "logistic_regression", "logistic regression on raw inputs, fitted per episode: a floor",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<LogisticPixels>(config, input);
    }};

}  // namespace
}  // namespace attune
