#include "encoder/encoder.hpp"
#include "nn/conv_block.hpp"
#include "nn/dropout.hpp"

namespace attune {
namespace {

// The blocks of Conv-4, with the outputs of the last two side by side as features, and dropout on
// both of them (the later one's input included): what Bertinetto et al. 2019 give to their
// closed-form heads. Their leaky ReLU and growing filters are left out. x (S,C,Y,X) → (S,D), D the
// sum of the two blocks' sizes.
class TwoBlocks : public Encoder {
 public:
  TwoBlocks(const Config& config, const InputShape& input, const std::string& prefix)
      : dropout_(config.real("dropout", 0.1, {0, 0.95},
                             "share of the last two blocks' values zeroed in training")),
        unit_(config.flag("unit", false, "features scaled to a root mean square of 1")) {
    const auto filters = static_cast<std::size_t>(
        config.integer("filters", 64, {1, 4096}, "channels of every block"));
    const auto blocks = static_cast<std::size_t>(
        config.integer("blocks", 4, {2, 16}, "convolution blocks, each halves the image"));
    const Shape& image = input.example;
    if (image.rank() != 3 || image[1] >> blocks == 0 || image[2] >> blocks == 0) {
      throw UsageError(config.origin() + ": " + config.path() + ".kind: r2d2 wants images (C,Y,X)" +
                       " of at least " + std::to_string(1ull << blocks) + " pixels per side for " +
                       std::to_string(blocks) + " blocks, have examples " + image.text());
    }
    std::size_t channels = image[0];
    for (std::size_t i = 0; i < blocks; ++i) {
      blocks_.emplace_back(prefix + ".block" + std::to_string(i + 1), channels, filters);
      channels = filters;
    }
    for (std::size_t i = blocks - 1; i <= blocks; ++i)
      features_ += filters * (image[1] >> i) * (image[2] >> i);
  }
  void init(Params& params, Rng& rng) const override {
    for (const ConvBlock& block : blocks_) block.init(params, rng);
  }
  Var forward(const Params& params, const Var& x, Context& context) const override {
    Var y = x, earlier = x;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      y = blocks_[i].forward(params, y, context);
      if (i + 2 >= blocks_.size()) y = dropout_.forward(params, y, context);
      if (i + 2 == blocks_.size()) earlier = flat(y);
    }
    const Var joined = concat({earlier, flat(y)}, 1);
    if (!unit_) return joined;
    const Real size = static_cast<Real>(1) / static_cast<Real>(features_);
    return joined / sqrt(sum(joined * joined, {1}, true) * size + Real(1e-6));
  }
  std::size_t features() const override { return features_; }

 private:
  static Var flat(const Var& y) {
    const std::size_t examples = y.shape()[0];
    return reshape(y, {examples, y.shape().size() / examples});
  }
  Dropout dropout_;
  bool unit_;
  std::vector<ConvBlock> blocks_;
  std::size_t features_ = 0;
};

const Register<Encoder, const InputShape&, const std::string&> part{
    "r2d2", "blocks of conv4, the last two side by side, with dropout (Bertinetto et al. 2019)",
    [](const Config& config, const InputShape& input, const std::string& prefix) {
      return std::make_unique<TwoBlocks>(config, input, prefix);
    }};

}  // namespace
}  // namespace attune
