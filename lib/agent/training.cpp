#include "agent/training.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agent/played.hpp"
#include "array/parallel.hpp"
#include "learner/shards.hpp"

namespace attune {
namespace {

std::size_t count(const Config& config, const char* key, std::int64_t usual, std::int64_t most,
                  const char* doc) {
  return static_cast<std::size_t>(config.integer(key, usual, {1, most}, doc));
}

Teacher read_teacher(const Config& config, const Environment& environment) {
  Teacher teacher;
  teacher.policy = environment.policy(config.child("teacher"));
  teacher.temperature = config.real("temperature", 0, {0, 1e6},
                                    "of the teacher's scores; 0: its best actions, all alike");
  teacher.guided =
      config.real("guided", 0.25, {0, 1}, "share of trials that the teacher plays, not the agent");
  return teacher;
}

// Trials that make one graph: enough to fill a product, few enough to stay in cache.
std::size_t shard_size(const Environment& environment) {
  return environment.steps() <= 32 ? 256 : 64;
}

// Trials of one graph with what PPO wants of them.
struct Minibatch {
  Array x;                                             // (B,T,F)
  Indices actions;                                     // (B·T)
  std::vector<Real> old_log_p, advantage, value_goal;  // (B·T)
};

class Training : public Problem {
 public:
  Training(std::shared_ptr<const ActorCritic> agent, std::shared_ptr<const Environment> environment,
           AgentTraining how, std::uint64_t seed, std::size_t batch, std::size_t steps,
           bool sampled)
      : agent_(std::move(agent)),
        environment_(std::move(environment)),
        tasks_(environment_->drawn(seed, "train")),
        how_(std::move(how)),
        seed_(seed),
        batch_(batch),
        sampled_(sampled),
        shard_(shard_size(*environment_)) {
    if (how_.teacher && !how_.teacher->policy->candidates().empty())
      how_.teacher->parameter = tune(*environment_, *environment_->drawn(seed, "tune"),
                                     *how_.teacher->policy, seed, how_.tune_tasks);
    if (!how_.ppo) {
      imitated_ = steps;
    } else if (how_.teacher) {
      const auto asked = static_cast<std::size_t>(how_.share * static_cast<double>(steps));
      imitated_ = asked / unit() * unit();
    }
  }

  Params init(Rng& rng) const override {
    Params params;
    agent_->init(params, rng);
    return params;
  }
  std::size_t unit() const override {
    return how_.ppo ? how_.ppo->epochs * how_.ppo->minibatches : 1;
  }
  std::unique_ptr<Evaluator> evaluator(const Params& params) const override {
    return played(agent_, environment_, tasks_, params, seed_, sampled_);
  }
  Step gradients(const Params& params, std::span<const std::uint64_t> numbers,
                 Context& context) override {
    if (context.step < imitated_) return imitate(params, numbers, context);
    return optimise(params, numbers, context);
  }

 private:
  // The mean over the trials of what `of_shard` gives for [begin, end) of them.
  template <typename OfShard>
  Step mean_of_shards(std::size_t trials, const OfShard& of_shard) const {
    const auto end = [&](std::size_t i) { return std::min(trials, (i + 1) * shard_); };
    std::vector<double> shares((trials + shard_ - 1) / shard_);
    for (std::size_t i = 0; i < shares.size(); ++i)
      shares[i] = static_cast<double>(end(i) - i * shard_) / static_cast<double>(trials);
    return sum_of_shards(shares, [&](std::size_t i) { return of_shard(i, i * shard_, end(i)); });
  }

  Step imitate(const Params& params, std::span<const std::uint64_t> numbers,
               const Context& context) const {
    return mean_of_shards(numbers.size(), [&](std::size_t i, std::size_t begin, std::size_t end) {
      const Rollout rollout = roll_out(*agent_, params, *environment_, *tasks_,
                                       numbers.subspan(begin, end - begin), seed_, &*how_.teacher);
      Context own = shard_context(context, i);
      return step_of(imitation_loss(params, rollout, own), params);
    });
  }

  // Cross-entropy to the teacher's advice, mean over the steps, and the value's squared error.
  Var imitation_loss(const Params& params, const Rollout& rollout, Context& context) const {
    const std::size_t rows = rollout.trials * rollout.steps, actions = agent_->actions();
    const auto answers = agent_->forward(params, constant(rollout.x), context);
    Array advice(Shape{rollout.trials, rollout.steps, actions});
    std::ranges::copy(rollout.advice, advice.mutable_data());
    Array goal(Shape{rollout.trials, rollout.steps});
    for (std::size_t b = 0; b < rollout.trials; ++b) {
      double rest = 0;
      for (std::size_t t = rollout.steps; t-- > 0;) {
        rest += rollout.rewards[b * rollout.steps + t];
        goal.mutable_data()[b * rollout.steps + t] =
            static_cast<Real>(rest / static_cast<double>(rollout.steps));
      }
    }
    const Var policy =
        sum(answers.log_p * constant(std::move(advice))) * (Real(-1) / static_cast<Real>(rows));
    const Var error = mean(square(answers.values - constant(std::move(goal))));
    return policy + error * static_cast<Real>(how_.value_weight);
  }

  Step optimise(const Params& params, std::span<const std::uint64_t> numbers,
                const Context& context) {
    const PpoSettings& ppo = *how_.ppo;
    const std::size_t place = context.step % unit();
    if (place == 0) collect(params, numbers.front(), batch_ * ppo.minibatches);
    if (rollouts_.empty()) throw Error("training: want steps in the order of their unit");
    // The order of the trials differs in each epoch.
    std::vector<std::uint32_t> order(batch_ * ppo.minibatches);
    std::iota(order.begin(), order.end(), 0);
    Rng(seed_, "ppo", context.step / unit(), place / ppo.minibatches).shuffle(order);
    const std::size_t first = place % ppo.minibatches * batch_;
    const std::span<const std::uint32_t> chosen = std::span(order).subspan(first, batch_);
    Step step = mean_of_shards(batch_, [&](std::size_t i, std::size_t begin, std::size_t end) {
      Context own = shard_context(context, i);
      const Minibatch batch = gather_trials(chosen.subspan(begin, end - begin));
      return step_of(ppo_loss(params, batch, own), params);
    });
    if (place + 1 == unit()) rollouts_.clear();
    return step;
  }

  // Plays `trials` tasks from `first` on with these weights, and notes advantages and value goals.
  void collect(const Params& params, std::uint64_t first, std::size_t trials) {
    const PpoSettings& ppo = *how_.ppo;
    const std::size_t steps = environment_->steps();
    rollouts_.assign((trials + shard_ - 1) / shard_, {});
    kernel::parallel_for(rollouts_.size(), [&](std::size_t i) {
      std::vector<std::uint64_t> numbers(std::min(trials, (i + 1) * shard_) - i * shard_);
      std::iota(numbers.begin(), numbers.end(), first + i * shard_);
      rollouts_[i] = roll_out(*agent_, params, *environment_, *tasks_, numbers, seed_, nullptr);
    });
    advantage_.assign(trials * steps, 0);
    value_goal_.assign(trials * steps, 0);
    double sum = 0, squares = 0;
    for (std::size_t b = 0; b < trials; ++b) {
      const Rollout& rollout = rollouts_[b / shard_];
      const std::size_t from = b % shard_ * steps;
      std::vector<double> values(steps);
      for (std::size_t t = 0; t < steps; ++t)
        values[t] = static_cast<double>(rollout.values[from + t]) * static_cast<double>(steps);
      const auto found = advantages(std::span(rollout.rewards).subspan(from, steps), values,
                                    ppo.discount, ppo.lambda);
      for (std::size_t t = 0; t < steps; ++t) {
        advantage_[b * steps + t] = found[t];
        value_goal_[b * steps + t] = (found[t] + values[t]) / static_cast<double>(steps);
        sum += found[t];
        squares += found[t] * found[t];
      }
    }
    const double mean = sum / static_cast<double>(advantage_.size());
    const double variance = squares / static_cast<double>(advantage_.size()) - mean * mean;
    for (double& value : advantage_) value = (value - mean) / (std::sqrt(variance) + 1e-8);
  }

  Minibatch gather_trials(std::span<const std::uint32_t> trials) const {
    const std::size_t steps = environment_->steps(), size = steps * environment_->features();
    Minibatch batch;
    batch.x = Array(Shape{trials.size(), steps, environment_->features()});
    Real* out = batch.x.mutable_data();
    for (std::size_t i = 0; i < trials.size(); ++i) {
      const Rollout& rollout = rollouts_[trials[i] / shard_];
      const std::size_t own = trials[i] % shard_;
      std::copy_n(rollout.x.data() + own * size, size, out + i * size);
      for (std::size_t t = 0; t < steps; ++t) {
        batch.actions.push_back(rollout.actions[own * steps + t]);
        batch.old_log_p.push_back(static_cast<Real>(rollout.log_p[own * steps + t]));
        batch.advantage.push_back(static_cast<Real>(advantage_[trials[i] * steps + t]));
        batch.value_goal.push_back(static_cast<Real>(value_goal_[trials[i] * steps + t]));
      }
    }
    return batch;
  }

  // Schulman et al. 2017, eq. 7 and 9.
  Var ppo_loss(const Params& params, const Minibatch& batch, Context& context) const {
    const PpoSettings& ppo = *how_.ppo;
    const std::size_t rows = batch.actions.size(), actions = agent_->actions();
    const auto column = [rows](const std::vector<Real>& values) {
      return constant(Array::of(Shape{rows, 1}, values));
    };
    const auto answers = agent_->forward(params, constant(batch.x), context);
    const Var log_p = reshape(answers.log_p, {rows, actions});
    const Var ratio = exp(take_last(log_p, batch.actions) - column(batch.old_log_p));
    const Var low = constant(static_cast<Real>(1 - ppo.clip));
    const Var high = constant(static_cast<Real>(-1 - ppo.clip));
    const Var clipped = maximum(low, -maximum(high, -ratio));
    const Var advantage = column(batch.advantage);
    const Var worse = maximum(-(ratio * advantage), -(clipped * advantage));
    const Var entropy = sum(exp(log_p) * log_p) * (Real(-1) / static_cast<Real>(rows));
    const Var error = mean(square(reshape(answers.values, {rows, 1}) - column(batch.value_goal)));
    return mean(worse) + error * static_cast<Real>(how_.value_weight) -
           entropy * static_cast<Real>(ppo.entropy);
  }

  std::shared_ptr<const ActorCritic> agent_;
  std::shared_ptr<const Environment> environment_;
  std::shared_ptr<const Tasks> tasks_;
  AgentTraining how_;
  std::uint64_t seed_;
  std::size_t batch_;
  bool sampled_;
  std::size_t shard_, imitated_ = 0;
  // PPO's, from the first step of a unit to its last.
  std::vector<Rollout> rollouts_;
  std::vector<double> advantage_, value_goal_;
};

}  // namespace

PpoSettings::PpoSettings(const Config& config)
    : epochs(count(config, "epochs", 4, 1000, "passes over a rollout")),
      minibatches(
          count(config, "minibatches", 4, 1000, "of a rollout, of train.batch trials each")),
      clip(config.real("clip", 0.2, {1e-6, 1}, "how far a probability ratio may pay, ε")),
      discount(config.real("discount", 0.99, {0, 1}, "γ, of a reward one step later")),
      lambda(config.real("lambda", 0.95, {0, 1}, "λ, of generalised advantage estimation")),
      entropy(config.real("entropy", 0.01, {0, 100}, "weight of the policy's entropy")) {}

AgentTraining::AgentTraining(const Config& config, const Environment& environment)
    : value_weight(config.real("value_weight", 0.5, {0, 1e6},
                               "of the value's squared error beside the policy's loss")) {
  const std::string kind =
      config.choice("kind", "imitation", {"imitation", "ppo", "imitation_ppo"}, "how it learns");
  if (kind != "ppo") {
    const Config node = config.child("imitation");
    teacher = read_teacher(node, environment);
    tune_tasks = count(node, "tune_tasks", 1000, 10'000'000,
                       "tasks that a parameter of the teacher is tuned on");
  }
  if (kind != "imitation") ppo.emplace(config.child("ppo"));
  if (kind == "imitation_ppo")
    share = config.real("share", 0.5, {0, 1}, "of all steps, the first, that imitate");
}

std::unique_ptr<Problem> agent_training(std::shared_ptr<const ActorCritic> agent,
                                        std::shared_ptr<const Environment> environment,
                                        AgentTraining how, std::uint64_t seed, std::size_t batch,
                                        std::size_t steps, bool sampled) {
  return std::make_unique<Training>(std::move(agent), std::move(environment), std::move(how), seed,
                                    batch, steps, sampled);
}

}  // namespace attune
