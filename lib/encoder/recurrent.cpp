#include "encoder/text_encoder.hpp"
#include "encoder/token_pooling.hpp"
#include "nn/gru.hpp"
#include "nn/lstm.hpp"

namespace attune {
namespace {

// One layer along the text and one back, LSTM or GRU; (B,T,in) → (B,T,2·hidden).
class BothWays {
 public:
  BothWays(bool gru, const std::string& name, std::size_t in, std::size_t hidden) {
    for (const Direction direction : {Direction::forward, Direction::backward}) {
      const std::string own = name + (direction == Direction::forward ? ".forward" : ".backward");
      if (gru) {
        gru_.emplace_back(own, in, hidden, direction);
      } else {
        lstm_.emplace_back(own, in, hidden, direction);
      }
    }
  }
  void init(Params& params, Rng& rng) const {
    for (const Gru& layer : gru_) layer.init(params, rng);
    for (const Lstm& layer : lstm_) layer.init(params, rng);
  }
  Var operator()(const Params& params, const Var& x, const Array& present) const {
    Vars each;
    for (const Gru& layer : gru_) each.push_back(layer.forward(params, x, &present));
    for (const Lstm& layer : lstm_) each.push_back(layer.forward(params, x, &present).each);
    return concat(each, 2);
  }

 private:
  std::vector<Gru> gru_;
  std::vector<Lstm> lstm_;
};

class Recurrent : public TextEncoder {
 public:
  Recurrent(const Config& config, const InputShape& input, const std::string& prefix)
      : TextEncoder(config, input, prefix) {
    const bool gru = config.choice("cell", "lstm", {"lstm", "gru"}, "of the layers") == "gru";
    const auto hidden = static_cast<std::size_t>(
        config.integer("hidden", 64, {1, 4096}, "size of the state, each way"));
    const std::int64_t layers = config.integer("layers", 1, {1, 8}, "one upon the other");
    std::size_t in = embedding().features();
    for (std::int64_t i = 1; i <= layers; ++i) {
      layers_.emplace_back(gru, prefix + ".layer" + std::to_string(i), in, hidden);
      in = 2 * hidden;
    }
    pooling_ = std::make_unique<TokenPooling>(config.child("pooling"), in, prefix + ".pooling",
                                              "attention");
  }
  std::size_t features() const override { return pooling_->features(); }

 protected:
  void init_layers(Params& params, Rng& rng) const override {
    for (const BothWays& layer : layers_) layer.init(params, rng);
    pooling_->init(params, rng);
  }
  Var encode(const Params& params, const TokenBatch& batch, Context& context,
             Array* weights) const override {
    Var y = batch.x;
    for (const BothWays& layer : layers_) y = layer(params, y, batch.present);
    return (*pooling_)(params, y, batch.present, context, weights);
  }

 private:
  std::vector<BothWays> layers_;
  std::unique_ptr<TokenPooling> pooling_;
};

const Register<Encoder, const InputShape&, const std::string&> part{
    "recurrent", "of texts: LSTM or GRU both ways, pooled by self-attention (Lin et al. 2017)",
    [](const Config& config, const InputShape& input, const std::string& prefix) {
      return std::make_unique<Recurrent>(config, input, prefix);
    }};

}  // namespace
}  // namespace attune
