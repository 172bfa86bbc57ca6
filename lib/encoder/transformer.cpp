#include "attention/transformer.hpp"

#include <cmath>

#include "encoder/text_encoder.hpp"
#include "encoder/token_pooling.hpp"
#include "nn/positions.hpp"

namespace attune {
namespace {

// Tokens' vectors times √E and places (Vaswani et al. 2017, §3.4–3.5), a stack of blocks, pooled.
class TransformerEncoder : public TextEncoder {
 public:
  TransformerEncoder(const Config& config, const InputShape& input, const std::string& prefix)
      : TextEncoder(config, input, prefix),
        positions_(config.child("positions"), embedding().features(), prefix + ".positions"),
        stack_(config, embedding().features(), prefix, {.layers = 2}),
        pooling_(config.child("pooling"), embedding().features(), prefix + ".pooling", "mean") {}
  std::size_t features() const override { return pooling_.features(); }

 protected:
  void init_layers(Params& params, Rng& rng) const override {
    positions_.init(params, rng);
    stack_.init(params, rng);
    pooling_.init(params, rng);
  }
  Var encode(const Params& params, const TokenBatch& batch, Context& context,
             Array* weights) const override {
    const Real factor = std::sqrt(static_cast<Real>(embedding().features()));
    const Var x = positions_(params, batch.x * factor);
    const Var y = stack_.forward(params, x, &batch.present, context);
    return pooling_(params, y, batch.present, context, weights);
  }

 private:
  Positions positions_;
  Transformer stack_;
  TokenPooling pooling_;
};

const Register<Encoder, const InputShape&, const std::string&> part{
    "transformer", "of texts: self-attention between the tokens (Vaswani et al. 2017, §3.1)",
    [](const Config& config, const InputShape& input, const std::string& prefix) {
      return std::make_unique<TransformerEncoder>(config, input, prefix);
    }};

}  // namespace
}  // namespace attune
