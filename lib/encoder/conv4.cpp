#include "encoder/encoder.hpp"
#include "nn/conv_block.hpp"

namespace attune {
namespace {

// Blocks of 3×3 convolution, batch-norm, ReLU and 2×2 max-pool, then flattened.
class ConvNet : public Encoder {
 public:
  ConvNet(const Config& config, const InputShape& input, const std::string& prefix) {
    const auto filters = static_cast<std::size_t>(
        config.integer("filters", 64, {1, 4096}, "channels of every block"));
    const auto blocks = static_cast<std::size_t>(
        config.integer("blocks", 4, {1, 16}, "convolution blocks, each halves the image"));
    std::vector<std::int64_t> border = config.integers(
        "border", {}, {0, 64}, "zeros put around the input of block 1, 2, …, pixels per side");
    if (border.size() > blocks)
      throw UsageError(config.origin() + ": " + config.path() +
                       ".border: want at most one per block, " + std::to_string(blocks) +
                       ", have " + std::to_string(border.size()));
    border.resize(blocks);
    if (input.example.rank() != 3)
      throw UsageError(config.origin() + ": " + config.path() +
                       ".kind: conv4 wants images (C,Y,X), have examples " + input.example.text() +
                       "; for feature vectors use mlp");
    std::size_t channels = input.example[0], height = input.example[1], width = input.example[2];
    for (std::size_t i = 0; i < blocks; ++i) {
      const auto around = static_cast<std::size_t>(border[i]);
      height += 2 * around;
      width += 2 * around;
      if (height < 2 || width < 2)
        throw UsageError(config.origin() + ": " + config.path() + ".blocks: images of " +
                         input.example.text() + " allow at most " + std::to_string(i) +
                         " blocks, have " + std::to_string(blocks));
      blocks_.emplace_back(prefix + ".block" + std::to_string(i + 1), channels, filters, around);
      channels = filters;
      height /= 2;
      width /= 2;
    }
    map_ = channels % 16 == 0 ? Shape{channels / 16, height, width, 16}
                              : Shape{channels, height, width};
  }
  void init(Params& params, Rng& rng) const override {
    for (const ConvBlock& block : blocks_) block.init(params, rng);
  }
  Var forward(const Params& params, const Var& x, Context& context) const override {
    Var y = x;
    for (const ConvBlock& block : blocks_) y = block.forward(params, y, context);
    return reshape(y, {x.shape()[0], map_.size()});
  }
  std::size_t features() const override { return map_.size(); }
  Shape map() const override { return map_; }

 private:
  std::vector<ConvBlock> blocks_;
  Shape map_;
};

const Register<Encoder, const InputShape&, const std::string&> part{
    "conv4", "4 × (3×3 convolution, batch-norm, ReLU, 2×2 max-pool) (Vinyals et al. 2016, §4.1)",
    [](const Config& config, const InputShape& input, const std::string& prefix) {
      return std::make_unique<ConvNet>(config, input, prefix);
    }};

}  // namespace
}  // namespace attune
