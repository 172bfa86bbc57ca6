#pragma once
#include <string>

#include "array/parallel.hpp"
#include "learner/classification.hpp"
#include "learner/tiny_pool.hpp"

namespace attune {

// A learner with fresh weights, for tests of its logits on features of any kind.
struct FreshLearner {
  std::shared_ptr<const Learner> learner;
  Params params;

  FreshLearner(const std::string& config, const InputShape& input)
      : learner(LearnerRegistry::make(Config::parse(config, "test"), "matching", input)) {
    Rng rng(2, "init");
    learner->init(params, rng);
  }
  // From features, without the encoder.
  Array logits(const Array& support, const Indices& labels, std::size_t ways, const Array& query,
               Mode mode = Mode::evaluate) const {
    Context context;
    context.mode = mode;
    return learner->logits(params, {constant(support), labels, ways}, {constant(query)}, context)
        .value();
  }
};

// Mean over 40 episodes (3 ways, 1 shot) of the split's classes; chance is 1/3 and log 3 nats.
struct Progress {
  Scores before, after;  // "accuracy", "loss"
};
// `steps` of plain gradient descent on the classes of "train", two episodes each.
inline Progress progress(const std::string& config, int steps, double rate,
                         const std::string& tested = "val+test") {
  set_threads(1);  // the work is too small to share
  const auto pool = tiny_pool();
  const FreshLearner fresh(config, input_shape(*pool));
  const auto problem = [&](const std::string& split) {
    auto sampler = std::make_shared<EpisodeSampler>(*pool, classes_of_split(*pool, split),
                                                    EpisodeShape{3, 1, 4, false}, 3, split);
    return Classification(
        fresh.learner, pool, [sampler](std::uint64_t n) { return (*sampler)(n); }, 3, nullptr, 0);
  };
  Classification train = problem("train"), test = problem(tested);
  const auto scores = [&](const Params& params) {
    std::vector<std::uint64_t> numbers(40);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
    Scores mean;
    for (const Scores& one : (*test.evaluator(params))(numbers))
      for (const auto& [name, value] : one)
        mean[name] += value / static_cast<double>(numbers.size());
    return mean;
  };
  Params params = fresh.params;
  for (int step = 0; step < steps; ++step) {
    Context context;
    context.mode = Mode::train;
    const std::uint64_t numbers[] = {static_cast<std::uint64_t>(2 * step),
                                     static_cast<std::uint64_t>(2 * step + 1)};
    const Step result = train.gradients(params, numbers, context);
    params.change([&](std::size_t i, const std::string&, Array& value) {
      kernel::add_into(value, kernel::scale(result.gradients[i], static_cast<Real>(-rate)));
    });
    for (const auto& [name, value] : result.updates)
      params.set_buffer(name, kernel::add(kernel::scale(params.buffer(name), Real(0.9)),
                                          kernel::scale(value, Real(0.1))));
  }
  return {scores(fresh.params), scores(params)};
}

}  // namespace attune
