#include "agent/history.hpp"

#include <algorithm>
#include <cmath>

#include "agent/rollout.hpp"

namespace attune {

double History::total() const {
  double sum = 0;
  for (const Step& step : steps) sum += step.reward;
  return sum;
}

History watch(const ActorCritic& agent, const Params& params, const Environment& environment,
              const Tasks& tasks, std::uint64_t number, std::uint64_t seed, bool sampled) {
  const std::size_t steps = environment.steps(), features = environment.features();
  History history;
  history.number = number;
  const std::uint64_t numbers[] = {number};
  play(agent, params, environment, tasks, numbers, seed, sampled,
       [&](std::size_t, std::uint32_t action, double log_p) {
         history.steps.push_back({action, std::exp(log_p), 0, {}, false});
       });

  // Once more, by the same actions, for what was seen and what it brought.
  const auto trial = tasks.trial(number);
  Array x(Shape{1, steps, features});
  std::vector<float> seen(features);
  for (std::size_t t = 0; t < steps; ++t) {
    History::Step& step = history.steps[t];
    trial->observe(seen);
    std::ranges::copy(seen, x.mutable_data() + t * features);
    step.place = trial->place();
    step.begins = trial->begins();
    step.reward = trial->act(step.action);
  }
  const NoGrad scope;
  Context context;
  HistoryMaps maps;
  agent.forward(params, constant(std::move(x)), context, &maps);
  for (HistoryMaps::Map& map : maps.maps)
    history.maps.push_back({map.name, map.weights.reshaped({steps, steps})});
  return history;
}

}  // namespace attune
