#include "learner/adapt.hpp"

namespace attune {
namespace {

// MAML whose inner loop moves the head alone: each episode passes the encoder once.
class Anil : public GradientLearner {
 public:
  using GradientLearner::GradientLearner;
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace*) const override {
    const auto features = network().features(params, support.x, query.x, context);
    const auto head = [&](const Params& at, const Var& x) {
      return network().head(at, x, support.ways, context);
    };
    const Params fast = inner()(
        params, context, second_order(), [](const std::string& name) { return is_head(name); },
        [&](const std::string& name, const Var& weight, const Var& gradient) {
          return descend(params, name, weight, gradient);
        },
        [&](const Params& at) { return cross_entropy(head(at, features.first), support.labels); });
    return head(fast, features.second);
  }

 private:
  static bool is_head(const std::string& name) { return name.starts_with("head."); }
};

const Register<Learner, const InputShape&> part{
    "anil", "MAML that adapts the head alone (Raghu et al. 2020, §4)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<Anil>(config, input);
    }};

}  // namespace
}  // namespace attune
