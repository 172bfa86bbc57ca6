#include "attention/attention.hpp"
#include "learner/class_parts.hpp"

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
  Array token_weights(const Params& params, const Var& x, Context& context) const override {
    return encoder_->token_weights(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace*) const override {
    return (*score_)(params, query.x, class_means(support, support.x), context);
  }

 private:
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
