#include "attention/attention.hpp"
#include "learner/learner.hpp"

namespace attune {
namespace {

// Attention over the support set: query features against support features, the one-hot labels as
// values; the class probabilities are the attention each class receives. Without full context
// embeddings.
class Matching : public Learner {
 public:
  Matching(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        attention_(config.child("attention"), encoder_->features(), "attention", "cosine"),
        floor_(static_cast<Real>(config.real(
            "floor", 1e-3, {1e-12, 0.5},
            "share of the uniform distribution mixed in where a weight may be exactly 0"))) {}
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    attention_.init(params, rng);
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace* trace) const override {
    return attention_.label_log_probabilities(params, query.x, support.x, support.labels,
                                              support.ways, floor_, context,
                                              trace ? &trace->weights : nullptr);
  }

 private:
  std::unique_ptr<Encoder> encoder_;
  Attention attention_;
  Real floor_;
};

const Register<Learner, const InputShape&> part{
    "matching", "attention over the support set, labels as values (Vinyals et al. 2016, eq. 1)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<Matching>(config, input);
    }};

}  // namespace
}  // namespace attune
