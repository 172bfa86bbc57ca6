#include "control/mdp.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace attune {

std::vector<double> plan(const MdpShape& shape, const MdpModel<double>& model,
                         std::size_t horizon) {
  const std::size_t states = shape.states, actions = shape.actions, pairs = shape.pairs();
  std::vector<double> values(horizon * pairs), best(states, 0.0);
  for (std::size_t h = 0; h < horizon; ++h) {
    double* now = values.data() + h * pairs;
    for (std::size_t i = 0; i < pairs; ++i) {
      const double* row = model.transition.data() + i * states;
      double sum = model.reward[i];
      for (std::size_t s = 0; s < states; ++s) sum += row[s] * best[s];
      now[i] = sum;
    }
    for (std::size_t s = 0; s < states; ++s)
      best[s] = *std::max_element(now + s * actions, now + (s + 1) * actions);
  }
  return values;
}

MdpModel<double> in_double(const MdpModel<float>& model) {
  return {{model.transition.begin(), model.transition.end()},
          {model.reward.begin(), model.reward.end()}};
}

MdpTrial::MdpTrial(MdpShape shape, MdpModel<float> model, const Rng& tape, std::uint64_t number)
    : shape_(shape),
      model_(std::move(model)),
      visits_(shape.pairs()),
      arrivals_(shape.pairs() * shape.states),
      reward_sum_(shape.pairs()),
      tape_(tape),
      number_(number) {}

double MdpTrial::act(std::uint32_t action) {
  if (step_ >= shape_.steps())
    throw Error("decision process: want at most " + std::to_string(shape_.steps()) +
                " steps, have one more");
  if (action >= shape_.actions)
    throw Error("decision process: want an action below " + std::to_string(shape_.actions) +
                ", have " + std::to_string(action));
  const std::size_t pair = std::size_t{state_} * shape_.actions + action;
  Rng luck = tape_.at(number_, pair * shape_.steps() + visits_[pair]);
  last_reward_ = static_cast<double>(model_.reward[pair]) + luck.normal();
  const float* row = model_.transition.data() + pair * shape_.states;
  double rest = luck.uniform();
  std::uint32_t next = 0;
  while (next + 1 < shape_.states && rest >= static_cast<double>(row[next]))
    rest -= static_cast<double>(row[next++]);
  ++visits_[pair];
  ++arrivals_[pair * shape_.states + next];
  reward_sum_[pair] += last_reward_;
  last_state_ = state_;
  last_action_ = action;
  ++step_;
  state_ = step_ % shape_.horizon == 0 ? 0 : next;
  return last_reward_;
}

void MdpTrial::observe(std::span<float> features) const {
  std::ranges::fill(features, 0.0F);
  const std::size_t extra = 2 * std::size_t{shape_.states} + shape_.actions;
  features[state_] = 1;
  features[extra + 1] = step_ % shape_.horizon == 0 ? 1.0F : 0.0F;
  features[extra + 2] =
      static_cast<float>(step_ % shape_.horizon) / static_cast<float>(shape_.horizon);
  features[extra + 3] = static_cast<float>(step_) / static_cast<float>(shape_.steps());
  if (step_ == 0) return;
  features[shape_.states + last_state_] = 1;
  features[2 * std::size_t{shape_.states} + last_action_] = 1;
  features[extra] = static_cast<float>(last_reward_);
}

MdpModel<double> posterior_mean(const MdpTrial& trial) {
  const std::size_t states = trial.shape().states, pairs = trial.shape().pairs();
  MdpModel<double> model{std::vector<double>(pairs * states), std::vector<double>(pairs)};
  for (std::size_t i = 0; i < pairs; ++i) {
    const double visits = trial.visits()[i];
    model.reward[i] = (1 + trial.reward_sum()[i]) / (1 + visits);
    for (std::size_t s = 0; s < states; ++s)
      model.transition[i * states + s] =
          (1.0 + trial.arrivals()[i * states + s]) / (static_cast<double>(states) + visits);
  }
  return model;
}

void MdpPlanner::scores(const Trial& trial, Rng& rng, std::span<double> out) {
  const auto& mdp = static_cast<const MdpTrial&>(trial);
  const MdpShape& shape = mdp.shape();
  const std::size_t left = mdp.left_in_episode();
  if (every_step_ || left == shape.horizon) plan_ = plan(shape, believed(mdp, rng), left);
  const double* row =
      plan_.data() + (left - 1) * shape.pairs() + std::size_t{mdp.state()} * shape.actions;
  std::copy_n(row, shape.actions, out.begin());
  if (draws_ties_) return;
  const double most = *std::ranges::max_element(out);
  const auto first = std::ranges::find_if(out, [&](double value) { return value >= most - 1e-9; });
  const auto place = first - out.begin();
  std::ranges::fill(out, 0.0);
  out[static_cast<std::size_t>(place)] = 1;
}

namespace {

class MdpTasks : public Tasks {
 public:
  MdpTasks(MdpShape shape, std::uint64_t seed, const std::string& stream)
      : shape_(shape), tape_(seed, stream + ".tape") {}
  std::unique_ptr<Trial> trial(std::uint64_t number) const override {
    return std::make_unique<MdpTrial>(shape_, model(number), tape_, number);
  }
  double ceiling(std::uint64_t number) const override {
    const auto values = plan(shape_, in_double(model(number)), shape_.horizon);
    const double* start = values.data() + (shape_.horizon - 1) * shape_.pairs();
    return *std::max_element(start, start + shape_.actions) * shape_.episodes;
  }

 protected:
  virtual MdpModel<float> model(std::uint64_t number) const = 0;
  MdpShape shape_;

 private:
  Rng tape_;
};

class DrawnMdps : public MdpTasks {
 public:
  DrawnMdps(MdpShape shape, std::uint64_t seed, const std::string& stream)
      : MdpTasks(shape, seed, stream), models_(seed, stream + ".models") {}
  std::size_t count() const override { return std::numeric_limits<std::size_t>::max(); }
  MdpModel<float> model(std::uint64_t number) const override {
    Rng rng = models_.at(number);
    MdpModel<float> model;
    std::vector<double> row(shape_.states);
    for (std::size_t i = 0; i < shape_.pairs(); ++i) {
      model.reward.push_back(static_cast<float>(1 + rng.normal()));
      double sum = 0;
      for (double& p : row) sum += p = -std::log(1 - rng.uniform());
      for (const double p : row) model.transition.push_back(static_cast<float>(p / sum));
    }
    return model;
  }

 private:
  Rng models_;
};

class FrozenMdps : public MdpTasks {
 public:
  FrozenMdps(MdpShape shape, const store::Reader& file)
      : MdpTasks(shape, static_cast<std::uint64_t>(file.integer_attribute("seed")),
                 file.text_attribute("stream")),
        transition_(file.read<float>("/transition")),
        reward_(file.read<float>("/reward")) {
    const store::Dims rewards = file.dims("/reward"), moves = file.dims("/transition");
    const bool fits = rewards.size() == 3 && moves.size() == 4 && moves[0] == rewards[0] &&
                      rewards[1] == shape.states && rewards[2] == shape.actions &&
                      moves[1] == shape.states && moves[2] == shape.actions &&
                      moves[3] == shape.states;
    if (!fits)
      throw Error(file.path() + ": want /transition (tasks,S,A,S) and /reward (tasks,S,A) of " +
                  std::to_string(shape.states) + " states and " + std::to_string(shape.actions) +
                  " actions, have other shapes");
    const auto chance = [](float p) { return p >= 0 && p <= 1; };
    const auto finite = [](float r) { return std::isfinite(r); };
    if (!std::ranges::all_of(transition_, chance) || !std::ranges::all_of(reward_, finite))
      throw Error(file.path() + ": want probabilities and finite rewards, have others");
  }
  std::size_t count() const override { return reward_.size() / shape_.pairs(); }
  MdpModel<float> model(std::uint64_t number) const override {
    if (number >= count())
      throw Error("tasks: want a number below " + std::to_string(count()) + ", have " +
                  std::to_string(number));
    const auto part = [number](const std::vector<float>& all, std::size_t size) {
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(number * size);
      return std::vector<float>(first, first + static_cast<std::ptrdiff_t>(size));
    };
    return {part(transition_, shape_.pairs() * shape_.states), part(reward_, shape_.pairs())};
  }

 private:
  std::vector<float> transition_, reward_;
};

std::uint32_t extent(const Config& config, const char* key, std::int64_t usual, std::int64_t least,
                     std::int64_t most, const char* doc) {
  return static_cast<std::uint32_t>(config.integer(key, usual, {least, most}, doc));
}

class Mdp : public Environment {
 public:
  explicit Mdp(const Config& config)
      : shape_{extent(config, "states", 10, 1, 1000, "states of a process, S"),
               extent(config, "actions", 5, 2, 1000, "actions in each state, A"),
               extent(config, "horizon", 10, 1, 1000, "steps of an episode, T"),
               extent(config, "episodes", 10, 1, 1000, "episodes of a trial, n")} {}
  std::string title() const override {
    return "mdp " + std::to_string(shape_.states) + "x" + std::to_string(shape_.actions) + ", " +
           std::to_string(shape_.episodes) + " episodes of " + std::to_string(shape_.horizon);
  }
  std::vector<std::pair<std::string, std::uint64_t>> shape() const override {
    return {{"states", shape_.states},
            {"actions", shape_.actions},
            {"horizon", shape_.horizon},
            {"episodes", shape_.episodes}};
  }
  std::size_t actions() const override { return shape_.actions; }
  std::size_t features() const override {
    return 2 * std::size_t{shape_.states} + shape_.actions + 4;
  }
  std::size_t steps() const override { return shape_.steps(); }
  int reward_decimals() const override { return 3; }
  std::string action_name(std::uint32_t action) const override {
    return "action " + std::to_string(action + 1);
  }
  std::unique_ptr<Tasks> drawn(std::uint64_t seed, const std::string& stream) const override {
    return std::make_unique<DrawnMdps>(shape_, seed, stream);
  }
  void write(store::Writer& file, std::uint64_t seed, const std::string& stream,
             std::size_t count) const override {
    const DrawnMdps tasks(shape_, seed, stream);
    MdpModel<float> all;
    for (std::uint64_t e = 0; e < count; ++e) {
      const auto one = tasks.model(e);
      all.transition.insert(all.transition.end(), one.transition.begin(), one.transition.end());
      all.reward.insert(all.reward.end(), one.reward.begin(), one.reward.end());
    }
    file.write<float>("/transition", {count, shape_.states, shape_.actions, shape_.states},
                      all.transition, "(tasks,S,A,S): chances of the next state");
    file.write<float>("/reward", {count, shape_.states, shape_.actions}, all.reward,
                      "(tasks,S,A): mean rewards; the noise is N(0,1)");
  }
  std::unique_ptr<Tasks> read(const store::Reader& file) const override {
    return std::make_unique<FrozenMdps>(shape_, file);
  }
  std::unique_ptr<Policy> policy(const Config& config) const override {
    return MdpPolicyRegistry::make(config, "greedy", shape_);
  }

 private:
  MdpShape shape_;
};

const Register<Environment> part{
    "mdp", "tabular decision processes (Duan et al. 2016, §3.2)",
    [](const Config& config) { return std::make_unique<Mdp>(config); }};

}  // namespace
}  // namespace attune
