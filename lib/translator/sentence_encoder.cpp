#include "translator/sentence_encoder.hpp"

#include "attention/transformer.hpp"

namespace attune {
namespace {

class TransformerEncoder : public SentenceEncoder {
 public:
  TransformerEncoder(const Config& config, std::size_t features, const std::string& prefix)
      : stack_(config, features, prefix, {.layers = 1}) {}
  void init(Params& params, Rng& rng) const override { stack_.init(params, rng); }
  Var forward(const Params& params, const Var& x, const Array& present,
              Context& context) const override {
    return stack_.forward(params, x, &present, context);
  }

 private:
  Transformer stack_;
};

std::size_t half(std::size_t features) {
  if (features % 2 != 0)
    throw UsageError("translator.features: want an even number for an LSTM from each end, have " +
                     std::to_string(features));
  return features / 2;
}

}  // namespace

std::unique_ptr<SentenceEncoder> transformer_encoder(const Config& config, std::size_t features,
                                                     const std::string& prefix) {
  return std::make_unique<TransformerEncoder>(config, features, prefix);
}

TwoWayLstm::TwoWayLstm(const std::string& prefix, std::size_t features)
    : forward_(prefix + ".forward", features, half(features), Direction::forward),
      backward_(prefix + ".backward", features, half(features), Direction::backward) {}

void TwoWayLstm::init(Params& params, Rng& rng) const {
  forward_.init(params, rng);
  backward_.init(params, rng);
}

Var TwoWayLstm::forward(const Params& params, const Var& x, const Array& present, Context&) const {
  return concat(
      {forward_.forward(params, x, &present).each, backward_.forward(params, x, &present).each}, 2);
}

}  // namespace attune
