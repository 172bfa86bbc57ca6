#include "learner/shards.hpp"

#include "array/parallel.hpp"

namespace attune {

Step sum_of_shards(std::span<const double> shares,
                   const std::function<Step(std::size_t)>& of_shard) {
  std::vector<Step> parts(shares.size());
  kernel::parallel_for(shares.size(), [&](std::size_t i) {
    const Recording recording;
    parts[i] = of_shard(i);
  });
  Step step;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    step.loss += shares[i] * parts[i].loss;
    for (std::size_t p = 0; p < parts[i].gradients.size(); ++p) {
      Array part = kernel::scale(parts[i].gradients[p], static_cast<Real>(shares[i]));
      if (i == 0) {
        step.gradients.push_back(std::move(part));
      } else {
        kernel::add_into(step.gradients[p], part);
      }
    }
  }
  return step;
}

Context shard_context(const Context& context, std::size_t shard) {
  Context own;
  own.mode = context.mode;
  own.step = context.step;
  own.rng = context.rng.fork("shard").at(context.step, shard);
  return own;
}

Step step_of(Var loss, const Params& params) {
  Step step;
  step.loss = static_cast<double>(loss.value().item());
  for (Var& gradient : grad(std::move(loss), params.weights()))
    step.gradients.push_back(std::move(gradient).take());
  return step;
}

}  // namespace attune
