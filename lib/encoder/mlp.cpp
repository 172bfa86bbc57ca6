#include "encoder/encoder.hpp"
#include "nn/batch_norm.hpp"
#include "nn/linear.hpp"

namespace attune {
namespace {

// Fully connected layers with batch-norm and ReLU between them; for feature vectors.
class Mlp : public Encoder {
 public:
  Mlp(const Config& config, const InputShape& input, const std::string& prefix) {
    const auto hidden = config.integers("hidden", {128, 128}, {1, 65536}, "sizes of hidden layers");
    features_ =
        static_cast<std::size_t>(config.integer("features", 64, {1, 65536}, "size of the output"));
    if (input.text)
      throw UsageError(config.origin() + ": " + config.path() +
                       ".kind: mlp wants images or feature vectors, have texts");
    input_ = input.example.size();
    std::size_t size = input_;
    for (std::size_t i = 0; i < hidden.size(); ++i) {
      const std::string name = prefix + ".layer" + std::to_string(i + 1);
      layers_.emplace_back(name, size, static_cast<std::size_t>(hidden[i]));
      norms_.emplace_back(name + ".norm", static_cast<std::size_t>(hidden[i]), 1);
      size = static_cast<std::size_t>(hidden[i]);
    }
    layers_.emplace_back(prefix + ".output", size, features_);
  }
  void init(Params& params, Rng& rng) const override {
    for (const Linear& layer : layers_) layer.init(params, rng);
    for (const BatchNorm& norm : norms_) norm.init(params, rng);
  }
  Var forward(const Params& params, const Var& x, Context& context) const override {
    Var y = reshape(x, {x.shape()[0], input_});
    for (std::size_t i = 0; i < norms_.size(); ++i)
      y = relu(norms_[i].forward(params, layers_[i].forward(params, y, context), context));
    return layers_.back().forward(params, y, context);
  }
  std::size_t features() const override { return features_; }

 private:
  std::vector<Linear> layers_;
  std::vector<BatchNorm> norms_;
  std::size_t input_ = 0, features_ = 0;
};

const Register<Encoder, const InputShape&, const std::string&> part{
    "mlp", "fully connected layers with batch-norm and ReLU, for feature vectors",
    [](const Config& config, const InputShape& input, const std::string& prefix) {
      return std::make_unique<Mlp>(config, input, prefix);
    }};

}  // namespace
}  // namespace attune
