#include "attention/attention.hpp"
#include "learner/learner.hpp"

namespace attune {
namespace {

// Logits are the score of each query against each class's prototype, the mean of its support
// features.
class Prototypical : public Learner {
 public:
  Prototypical(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        score_(ScoreRegistry::make(config.child("score"), "squared_euclidean", encoder_->features(),
                                   "score")) {}
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    score_->init(params, rng);
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace*) const override {
    return (*score_)(params, query.x, prototypes(support), context);
  }

 private:
  // (N,D). Snell et al. 2017, eq. 1.
  static Var prototypes(const Support& support) {
    const Array members = one_hot(support.labels, support.ways);
    const std::size_t items[] = {0};
    const Array counts = kernel::sum(members, items, true);
    return matmul(constant(kernel::div(members, counts)), support.x, true, false);
  }
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<Score> score_;
};

const Register<Learner, const InputShape&> part{
    "prototypical", "distance to the mean of each class's support (Snell et al. 2017, eq. 1-2)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<Prototypical>(config, input);
    }};

}  // namespace
}  // namespace attune
