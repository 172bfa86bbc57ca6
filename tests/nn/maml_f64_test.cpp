// Second-order MAML through convolution and batch-norm against central differences of the
// meta-loss (Finn et al. 2017, algorithm 1).
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "nn/conv_block.hpp"
#include "nn/initialise.hpp"
#include "nn/linear.hpp"

namespace attune::test {

namespace {

struct Task {
  std::vector<ConvBlock> blocks;
  Linear output;
  Array support, query;
  Indices labels{0, 1, 2, 0, 1, 2};
  std::size_t steps = 2;
  Real rate = Real(0.3);

  Task(std::vector<ConvBlock> b, std::size_t features)
      : blocks(std::move(b)), output("output", features, 3) {
    Rng rng(4, "images");
    support = normal({6, 1, 8, 8}, 1, rng);
    query = normal({6, 1, 8, 8}, 1, rng);
  }

  Params init() const {
    Params params;
    Rng rng(2, "init");
    for (const ConvBlock& block : blocks) block.init(params, rng);
    output.init(params, rng);
    return params;
  }

  Var loss(const Params& params, const Array& images) const {
    Context context;
    context.mode = Mode::train;
    Var y = constant(images);
    for (const ConvBlock& block : blocks) y = block.forward(params, y, context);
    const std::size_t count = images.dim(0);
    y = reshape(y, {count, y.shape().size() / count});
    return cross_entropy(output.forward(params, y, context), labels);
  }

  Var meta_loss(const Params& start, bool second_order) const {
    Params fast = start;
    for (std::size_t step = 0; step < steps; ++step) {
      Vars weights = fast.weights();
      const Vars gradients = grad(loss(fast, support), weights, second_order);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        weights[i] = weights[i] - gradients[i] * rate;
      }
      fast = start.with(weights);
    }
    return loss(fast, query);
  }

  double meta_value(const Params& at) const {
    return static_cast<double>(meta_loss(at, false).value().item());
  }
};

// The largest error among `count` entries of each weight, relative to the largest slope.
double meta_gradient_error(const Task& task, const Params& params, std::size_t count) {
  constexpr Real kStep = Real(1e-5);
  const Vars weights = params.weights();
  const Vars gradients = grad(task.meta_loss(params, true), weights);
  Rng rng(3, "entries");
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t size = weights[i].shape().size();
    for (const std::uint32_t entry : rng.choose(size, std::min(size, count))) {
      const auto moved = [&](Real by) {
        Vars near = weights;
        Array value = weights[i].value();
        value.mutable_data()[entry] += by;
        near[i] = leaf(value);
        return task.meta_value(params.with(near));
      };
      const double want = (moved(kStep) - moved(-kStep)) / (2 * static_cast<double>(kStep));
      const double have = static_cast<double>(gradients[i].value().data()[entry]);
      worst = std::max(worst, std::abs(have - want));
      largest = std::max(largest, std::abs(want));
    }
  }
  return worst / largest;
}

// How far first-order MAML is from second order, relative to its largest entry.
double order_difference(const Task& task, const Params& params) {
  const Vars first = grad(task.meta_loss(params, false), params.weights());
  const Vars second = grad(task.meta_loss(params, true), params.weights());
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    for (std::size_t j = 0; j < first[i].shape().size(); ++j) {
      const double a = static_cast<double>(first[i].value().data()[j]);
      const double b = static_cast<double>(second[i].value().data()[j]);
      worst = std::max(worst, std::abs(a - b));
      largest = std::max(largest, std::abs(b));
    }
  }
  return worst / largest;
}

}  // namespace

TEST_CASE("the meta-gradient through a blocked, fused block matches differences") {
  const Task task({ConvBlock("block1", 1, 16)}, 256);
  const Params params = task.init();
  CHECK(meta_gradient_error(task, params, 25) < 1e-5);
  CHECK(order_difference(task, params) > 0.01);
}

TEST_CASE("the meta-gradient through a plain block matches differences") {
  const Task task({ConvBlock("block1", 1, 4)}, 64);
  const Params params = task.init();
  CHECK(meta_gradient_error(task, params, 25) < 1e-5);
  CHECK(order_difference(task, params) > 0.01);
}

TEST_CASE("the meta-gradient through two blocked blocks matches differences") {
  const Task task({ConvBlock("block1", 1, 16), ConvBlock("block2", 16, 16)}, 64);
  const Params params = task.init();
  CHECK(meta_gradient_error(task, params, 10) < 1e-5);
}

}  // namespace attune::test
