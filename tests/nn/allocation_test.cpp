#include <doctest/doctest.h>

#include "array/storage.hpp"
#include "nn/conv_block.hpp"
#include "nn/initialise.hpp"
#include "nn/linear.hpp"
#include "nn/optimiser.hpp"
#include "nn/running_statistics.hpp"

namespace attune::test {

TEST_CASE("after warm-up a training step of Conv-4 asks the system for no memory") {
  std::vector<ConvBlock> blocks;
  for (std::size_t i = 0; i < 4; ++i) {
    blocks.emplace_back("block" + std::to_string(i + 1), i == 0 ? 1 : 32, 32);
  }
  const Linear output("output", 32, 5);
  Params params;
  Rng rng(1, "init");
  for (const ConvBlock& block : blocks) block.init(params, rng);
  output.init(params, rng);
  const Array images = normal({10, 1, 16, 16}, 1, rng);
  const Indices labels{0, 1, 2, 3, 4, 0, 1, 2, 3, 4};
  const auto adam = OptimiserRegistry::make(Config::parse("{}", "test"), "adam");

  const auto step = [&] {
    BufferUpdates updates;
    Context context;
    context.mode = Mode::train;
    context.updates = &updates;
    Var y = constant(images);
    for (const ConvBlock& block : blocks) y = block.forward(params, y, context);
    y = output.forward(params, reshape(y, {10, 32}), context);
    Var loss = cross_entropy(y, labels);
    const double value = static_cast<double>(loss.value().item());
    std::vector<Array> gradients;
    for (Var& g : grad(std::move(loss), params.weights())) {
      gradients.push_back(std::move(g).take());
    }
    clip_by_norm(gradients, 1);
    adam->update(params, gradients, 0.01);
    apply_updates(params, updates, 0.1);
    return value;
  };

  const double first = step();
  for (int i = 0; i < 4; ++i) step();
  const storage::Usage before = storage::usage();
  double last = 0;
  for (int i = 0; i < 20; ++i) last = step();
  CHECK(storage::usage().system_allocations == before.system_allocations);
  CHECK(storage::usage().bytes_in_use == before.bytes_in_use);
  CHECK(last < first / 2);
}

}  // namespace attune::test
