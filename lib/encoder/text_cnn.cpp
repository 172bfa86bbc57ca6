#include "encoder/text_encoder.hpp"
#include "encoder/token_pooling.hpp"

namespace attune {
namespace {

// Filters over "widths" tokens at a time, ReLU, the largest value of each (Kim 2014, eq. 1–4).
// Windows reach over the ends of a text, where there are zeros.
class TextCnn : public TextEncoder {
 public:
  TextCnn(const Config& config, const InputShape& input, const std::string& prefix)
      : TextEncoder(config, input, prefix),
        filters_(static_cast<std::size_t>(
            config.integer("filters", 64, {1, 4096}, "filters of each width"))) {
    for (const std::int64_t width :
         config.integers("widths", {2, 3, 4}, {1, 16}, "tokens that a filter sees"))
      widths_.push_back(static_cast<std::size_t>(width));
    if (widths_.empty())
      throw UsageError(config.origin() + ": " + config.path() + ".widths: want widths, have none");
    for (std::size_t i = 0; i < widths_.size(); ++i)
      layers_.emplace_back(prefix + ".filter" + std::to_string(i + 1),
                           widths_[i] * embedding().features(), filters_);
  }
  std::size_t features() const override { return widths_.size() * filters_; }

 protected:
  void init_layers(Params& params, Rng& rng) const override {
    for (const Linear& layer : layers_) layer.init(params, rng);
  }
  Var encode(const Params& params, const TokenBatch& batch, Context& context,
             Array* weights) const override {
    Vars parts;
    Indices all;
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      const Var seen = layers_[i].forward(params, with_neighbours(batch.x, widths_[i]), context);
      parts.push_back(relu(seen));
    }
    const Var y = concat(parts, 2);
    const Var largest = max_over_tokens(y, batch.present, weights ? &all : nullptr);
    if (weights) *weights = shares_of_winners(all, batch.bucket.size(), batch.bucket.length);
    return largest;
  }

 private:
  std::size_t filters_;
  std::vector<std::size_t> widths_;
  std::vector<Linear> layers_;
};

const Register<Encoder, const InputShape&, const std::string&> part{
    "text_cnn", "of texts: filters over a few tokens, the largest of each (Kim 2014)",
    [](const Config& config, const InputShape& input, const std::string& prefix) {
      return std::make_unique<TextCnn>(config, input, prefix);
    }};

}  // namespace
}  // namespace attune
