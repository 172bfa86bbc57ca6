#include "attention/structure.hpp"
#include "learner/learner.hpp"

namespace attune {
namespace {

// An encoder, then an attention structure that connects queries and support; the class
// probabilities are the attention each class receives. With the structure "cross" it is the
// matching network without full context embeddings.
class Matching : public Learner {
 public:
  Matching(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        structure_(StructureRegistry::make(config.child("attention"), "cross", encoder_->features(),
                                           "attention")) {}
  Claims claims() const override {
    Claims claims;
    claims.permutation_invariant = structure_->permutation_invariant();
    claims.label_equivariant = structure_->label_equivariant();
    return claims;
  }
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    structure_->init(params, rng);
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  Array token_weights(const Params& params, const Var& x, Context& context) const override {
    return encoder_->token_weights(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace* trace) const override {
    return structure_->log_probabilities(params, {support.x, support.labels, support.ways, query.x},
                                         context, trace);
  }

 private:
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<Structure> structure_;
};

const Register<Learner, const InputShape&> part{
    "matching", "attention over the support set, labels as values (Vinyals et al. 2016, eq. 1)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<Matching>(config, input);
    }};

}  // namespace
}  // namespace attune
