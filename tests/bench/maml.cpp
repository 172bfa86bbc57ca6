#include "bench/maml.hpp"

#include "bench/data.hpp"
#include "nn/conv_block.hpp"
#include "nn/linear.hpp"
#include "nn/optimiser.hpp"
#include "train/model.hpp"

namespace attune::bench {
namespace {

constexpr std::size_t kWays = 5, kFilters = 64, kMetaBatch = 4;
constexpr Real kInnerRate = Real(0.1);
constexpr double kRate = 1e-3;

struct Network {
  std::vector<ConvBlock> blocks;
  Linear output{"output", kFilters, kWays};

  Network() {
    for (std::size_t i = 0; i < 4; ++i)
      blocks.emplace_back("block" + std::to_string(i + 1), i == 0 ? 1 : kFilters, kFilters);
  }
  Params init(Rng& rng) const {
    Params params;
    for (const ConvBlock& block : blocks) block.init(params, rng);
    output.init(params, rng);
    return params;
  }
  Var loss(const Params& params, const Array& images, const Indices& labels) const {
    Context context;
    context.mode = Mode::train;
    Var y = constant(images);
    for (const ConvBlock& block : blocks) y = block.forward(params, y, context);
    y = reshape(y, {images.dim(0), kFilters});
    return cross_entropy(output.forward(params, y, context), labels);
  }
};

class Maml {
 public:
  Maml(const std::string& folder, std::size_t inner_steps)
      : inner_steps_(inner_steps),
        pool_(load_pool(folder)),
        episodes_(load_episodes(folder, "maml")),
        optimiser_(OptimiserRegistry::make(Config(), "adam")) {
    Rng unused(0, "init");
    params_ = read_model_params(folder + "/maml-start.h5", network_.init(unused));
  }

  // Returns the mean loss of the meta-batch after the inner steps.
  double step() {
    std::vector<Array> sums;
    double total = 0;
    for (std::size_t i = 0; i < kMetaBatch; ++i) {
      Var loss = meta_loss(episodes_->episode(next_++ % episodes_->count())) *
                 (Real(1) / static_cast<Real>(kMetaBatch));
      total += static_cast<double>(loss.value().item());
      Vars gradients = grad(std::move(loss), params_.weights());
      for (std::size_t w = 0; w < gradients.size(); ++w) {
        if (i == 0) {
          sums.push_back(std::move(gradients[w]).take());
        } else {
          kernel::add_into(sums[w], gradients[w].value());
        }
      }
    }
    optimiser_->update(params_, sums, kRate);
    return total;
  }

 private:
  Var meta_loss(const Episode& episode) const {
    const Array support = pool_rows(*pool_, episode.support);
    Params fast = params_;
    for (std::size_t step = 0; step < inner_steps_; ++step) {
      Vars weights = fast.weights();
      const Vars gradients =
          grad(network_.loss(fast, support, episode.support_labels), weights, true);
      for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] = weights[i] - gradients[i] * kInnerRate;
      fast = params_.with(weights);
    }
    return network_.loss(fast, pool_rows(*pool_, episode.query), episode.query_labels);
  }

  Network network_;
  std::size_t inner_steps_, next_ = 0;
  std::shared_ptr<const Pool> pool_;
  std::shared_ptr<const EpisodeFile> episodes_;
  std::unique_ptr<Optimiser> optimiser_;
  Params params_;
};

}  // namespace

Params maml_init(Rng& rng) { return Network().init(rng); }

void time_maml(const std::string& folder, std::size_t inner_steps, Rounds& rounds) {
  Maml maml(folder, inner_steps);
  while (rounds.next()) rounds.note(maml.step());
}

}  // namespace attune::bench
