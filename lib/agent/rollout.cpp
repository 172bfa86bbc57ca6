#include "agent/rollout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "array/parallel.hpp"
#include "base/error.hpp"

namespace attune {
namespace {

// NaN would be drawn or chosen by its place alone.
void want_numbers(std::span<const Real> log_p) {
  if (std::ranges::any_of(log_p, [](Real value) { return std::isnan(value); }))
    throw Error("agent: want log-probabilities of actions, have NaN: its weights are broken");
}

// One of the actions with these log-probabilities.
std::uint32_t draw(std::span<const Real> log_p, Rng& rng) {
  want_numbers(log_p);
  double rest = rng.uniform();
  std::uint32_t action = 0;
  while (action + 1 < log_p.size()) {
    rest -= std::exp(static_cast<double>(log_p[action]));
    if (rest < 0) break;
    ++action;
  }
  return action;
}

std::uint32_t most_probable(std::span<const Real> log_p) {
  want_numbers(log_p);
  return static_cast<std::uint32_t>(std::ranges::max_element(log_p) - log_p.begin());
}

void advise(std::span<const double> scores, double temperature, float* out) {
  const double best = *std::ranges::max_element(scores);
  double sum = 0;
  std::vector<double> share(scores.size());
  for (std::size_t a = 0; a < scores.size(); ++a)
    sum += share[a] = temperature > 0 ? std::exp((scores[a] - best) / temperature)
                                      : static_cast<double>(scores[a] >= best - 1e-9);
  for (std::size_t a = 0; a < scores.size(); ++a) out[a] = static_cast<float>(share[a] / sum);
}

// Trials side by side, and what is seen of all of them.
class Lockstep {
 public:
  Lockstep(const Environment& environment, const Tasks& tasks,
           std::span<const std::uint64_t> numbers)
      : features_(environment.features()), seen_(features_) {
    for (const std::uint64_t number : numbers) trials_.push_back(tasks.trial(number));
  }
  Trial& operator[](std::size_t b) { return *trials_[b]; }
  // (B,F); the trials stand at rows `first` …, the others are 0.
  Array observe(std::size_t rows, const std::vector<std::size_t>& places) {
    Array x = Array::zeros({rows, features_});
    for (std::size_t b = 0; b < trials_.size(); ++b) {
      trials_[b]->observe(seen_);
      std::ranges::copy(seen_, x.mutable_data() + places[b] * features_);
    }
    return x;
  }

 private:
  std::size_t features_;
  std::vector<std::unique_ptr<Trial>> trials_;
  std::vector<float> seen_;
};

std::vector<std::size_t> first_places(std::size_t count) {
  std::vector<std::size_t> places(count);
  std::iota(places.begin(), places.end(), 0);
  return places;
}

}  // namespace

double Rollout::total(std::size_t trial) const {
  const auto first = rewards.begin() + static_cast<std::ptrdiff_t>(trial * steps);
  return std::accumulate(first, first + static_cast<std::ptrdiff_t>(steps), 0.0);
}

Rollout roll_out(const ActorCritic& agent, const Params& params, const Environment& environment,
                 const Tasks& tasks, std::span<const std::uint64_t> numbers, std::uint64_t seed,
                 const Teacher* teacher) {
  const std::size_t batch = numbers.size(), steps = environment.steps();
  const std::size_t features = environment.features(), actions = environment.actions();
  Rollout out;
  out.trials = batch;
  out.steps = steps;
  out.x = Array(Shape{batch, steps, features});
  out.actions.resize(batch * steps);
  out.rewards.resize(batch * steps);
  out.log_p.resize(batch * steps);
  out.values.resize(batch * steps);
  if (teacher) out.advice.resize(batch * steps * actions);
  Real* const seen = out.x.mutable_data();

  Lockstep trials(environment, tasks, numbers);
  const std::vector<std::size_t> places = first_places(batch);
  std::vector<Rng> chance;
  std::vector<std::unique_ptr<Advisor>> advisors;
  std::vector<bool> guided(batch, false);
  for (std::size_t b = 0; b < batch; ++b) {
    chance.push_back(Rng(seed, "act", numbers[b]));
    if (!teacher) continue;
    advisors.push_back(teacher->policy->advisor(teacher->parameter));
    guided[b] = chance[b].uniform() < teacher->guided;
  }
  ActorCritic::Player player(agent, params, batch);
  std::vector<double> scores(actions);
  for (std::size_t t = 0; t < steps; ++t) {
    const Array now = trials.observe(batch, places);
    const ActorCritic::Player::Step step = player.step(now);
    for (std::size_t b = 0; b < batch; ++b) {
      const std::size_t at = b * steps + t;
      std::copy_n(now.data() + b * features, features, seen + at * features);
      const auto log_p = step.log_p.values().subspan(b * actions, actions);
      std::uint32_t action = draw(log_p, chance[b]);
      if (teacher) {
        advisors[b]->scores(trials[b], chance[b], scores);
        advise(scores, teacher->temperature, out.advice.data() + at * actions);
        if (guided[b]) action = choose(scores, chance[b]);
      }
      out.actions[at] = action;
      out.log_p[at] = static_cast<float>(log_p[action]);
      out.values[at] = static_cast<float>(step.values.data()[b]);
      out.rewards[at] = trials[b].act(action);
    }
  }
  return out;
}

namespace {

constexpr std::size_t kBlock = 256;  // task numbers that play together: kBlock·i … kBlock·(i+1)−1

void play_block(const ActorCritic& agent, const Params& params, const Environment& environment,
                const Tasks& tasks, std::span<const std::uint64_t> numbers, std::uint64_t seed,
                bool sampled, const StepNote& note, std::size_t first, double* totals) {
  std::vector<std::size_t> places;
  std::vector<Rng> chance;
  for (const std::uint64_t number : numbers) {
    places.push_back(number % kBlock);
    chance.push_back(Rng(seed, "play", number));
  }
  Lockstep trials(environment, tasks, numbers);
  ActorCritic::Player player(agent, params, kBlock);
  const std::size_t actions = environment.actions();
  for (std::size_t t = 0; t < environment.steps(); ++t) {
    const auto step = player.step(trials.observe(kBlock, places));
    for (std::size_t b = 0; b < numbers.size(); ++b) {
      const auto log_p = step.log_p.values().subspan(places[b] * actions, actions);
      const std::uint32_t action = sampled ? draw(log_p, chance[b]) : most_probable(log_p);
      if (note) note(first + b, action, static_cast<double>(log_p[action]));
      totals[b] += trials[b].act(action);
    }
  }
}

}  // namespace

std::vector<double> play(const ActorCritic& agent, const Params& params,
                         const Environment& environment, const Tasks& tasks,
                         std::span<const std::uint64_t> numbers, std::uint64_t seed, bool sampled,
                         const StepNote& note) {
  std::vector<double> totals(numbers.size(), 0.0);
  std::vector<std::size_t> begin;  // of each block, as far as its numbers stand together
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (i == 0 || numbers[i] / kBlock != numbers[i - 1] / kBlock || numbers[i] <= numbers[i - 1])
      begin.push_back(i);
  begin.push_back(numbers.size());
  kernel::parallel_for(begin.size() - 1, [&](std::size_t i) {
    play_block(agent, params, environment, tasks,
               numbers.subspan(begin[i], begin[i + 1] - begin[i]), seed, sampled, note, begin[i],
               totals.data() + begin[i]);
  });
  return totals;
}

std::vector<double> advantages(std::span<const double> rewards, std::span<const double> values,
                               double discount, double lambda) {
  std::vector<double> result(rewards.size());
  double next_value = 0, sum = 0;
  for (std::size_t t = rewards.size(); t-- > 0;) {
    sum = rewards[t] + discount * next_value - values[t] + discount * lambda * sum;
    result[t] = sum;
    next_value = values[t];
  }
  return result;
}

}  // namespace attune
