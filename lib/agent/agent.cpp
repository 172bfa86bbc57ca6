#include "agent/agent.hpp"

#include "agent/played.hpp"
#include "agent/training.hpp"
#include "array/multiply_adds.hpp"

namespace attune {
namespace {

[[noreturn]] void refuse_training() {
  throw Error("training: want an agent that learns, have a policy that is computed");
}

// Plays frozen tasks and does not learn.
class Test : public Problem {
 public:
  Step gradients(const Params&, std::span<const std::uint64_t>, Context&) override {
    refuse_training();
  }
};

class LearnedTest : public Test {
 public:
  LearnedTest(std::shared_ptr<const ActorCritic> network,
              std::shared_ptr<const Environment> environment, std::shared_ptr<const Tasks> tasks,
              std::uint64_t seed, bool sampled)
      : network_(std::move(network)),
        environment_(std::move(environment)),
        tasks_(std::move(tasks)),
        seed_(seed),
        sampled_(sampled) {}
  Params init(Rng& rng) const override {
    Params params;
    network_->init(params, rng);
    return params;
  }
  std::unique_ptr<Evaluator> evaluator(const Params& params) const override {
    return played(network_, environment_, tasks_, params, seed_, sampled_);
  }

 private:
  std::shared_ptr<const ActorCritic> network_;
  std::shared_ptr<const Environment> environment_;
  std::shared_ptr<const Tasks> tasks_;
  std::uint64_t seed_;
  bool sampled_;
};

class LearnedAgent : public Agent {
 public:
  LearnedAgent(const Config& config, std::shared_ptr<const Environment> environment)
      : environment_(std::move(environment)),
        network_(std::make_shared<ActorCritic>(config, environment_->features(),
                                               environment_->actions())),
        sampled_(config.choice("act", "best", {"best", "sample"},
                               "what a trained agent does: the most probable, or one drawn") ==
                 "sample"),
        name_(config.child("memory").text("kind", "gru", "")) {}
  bool trained() const override { return true; }
  std::string name() const override { return name_; }
  std::unique_ptr<Problem> tested(std::shared_ptr<const Tasks> tasks,
                                  std::uint64_t seed) const override {
    return std::make_unique<LearnedTest>(network_, environment_, std::move(tasks), seed, sampled_);
  }
  std::unique_ptr<Problem> training(const Config& training, std::uint64_t seed, std::size_t batch,
                                    std::size_t steps) const override {
    return agent_training(network_, environment_, AgentTraining(training, *environment_), seed,
                          batch, steps, sampled_);
  }
  void read_training(const Config& training) const override {
    AgentTraining(training, *environment_);
  }
  History history(const Params& params, const Tasks& tasks, std::uint64_t number,
                  std::uint64_t seed) const override {
    History history = watch(*network_, params, *environment_, tasks, number, seed, sampled_);
    if (history.maps.empty())
      throw Error("model: want attention over the history, have none in memory " + name_);
    return history;
  }
  std::uint64_t work(const Params& params) const override {
    const std::uint64_t before = multiply_adds();
    ActorCritic::Player player(*network_, params, 1);
    for (std::size_t t = 0; t < environment_->steps(); ++t)
      player.step(Array::zeros({1, environment_->features()}));
    return multiply_adds() - before;
  }

 private:
  std::shared_ptr<const Environment> environment_;
  std::shared_ptr<const ActorCritic> network_;
  bool sampled_;
  std::string name_;
};

constexpr const char* kParameter = "policy.parameter";

class PolicyPlay : public Evaluator {
 public:
  PolicyPlay(std::shared_ptr<const Policy> policy, std::shared_ptr<const Environment> environment,
             std::shared_ptr<const Tasks> tasks, std::uint64_t seed, double parameter)
      : policy_(std::move(policy)),
        environment_(std::move(environment)),
        tasks_(std::move(tasks)),
        seed_(seed),
        parameter_(parameter) {}
  std::vector<Scores> operator()(std::span<const std::uint64_t> numbers) override {
    return reward_scores(play(*environment_, *tasks_, *policy_, parameter_, seed_, numbers));
  }

 private:
  std::shared_ptr<const Policy> policy_;
  std::shared_ptr<const Environment> environment_;
  std::shared_ptr<const Tasks> tasks_;
  std::uint64_t seed_;
  double parameter_;
};

// Its parameter, if it has one, is a buffer, tuned when the weights of others would be drawn.
class PolicyTest : public Test {
 public:
  PolicyTest(std::shared_ptr<const Policy> policy, std::shared_ptr<const Environment> environment,
             std::shared_ptr<const Tasks> tasks, std::uint64_t seed, std::size_t tune_tasks)
      : policy_(std::move(policy)),
        environment_(std::move(environment)),
        tasks_(std::move(tasks)),
        seed_(seed),
        tune_tasks_(tune_tasks) {}
  Params init(Rng&) const override {
    Params params;
    if (policy_->candidates().empty()) return params;
    const double best = tune_tasks_ ? tune(*environment_, *environment_->drawn(seed_, "tune"),
                                           *policy_, seed_, tune_tasks_)
                                    : 0;
    params.add_buffer(kParameter, Array::of({1}, {static_cast<Real>(best)}));
    return params;
  }
  std::unique_ptr<Evaluator> evaluator(const Params& params) const override {
    return std::make_unique<PolicyPlay>(
        policy_, environment_, tasks_, seed_,
        params.buffers().empty() ? 0 : static_cast<double>(params.buffer(kParameter).item()));
  }

 private:
  std::shared_ptr<const Policy> policy_;
  std::shared_ptr<const Environment> environment_;
  std::shared_ptr<const Tasks> tasks_;
  std::uint64_t seed_;
  std::size_t tune_tasks_;
};

class PolicyAgent : public Agent {
 public:
  PolicyAgent(const Config& config, std::shared_ptr<const Environment> environment)
      : environment_(std::move(environment)),
        policy_(environment_->policy(config.child("policy"))),
        tune_tasks_(static_cast<std::size_t>(config.integer(
            "tune_tasks", 10000, {1, 10'000'000}, "tasks that its parameter is tuned on"))),
        name_(config.child("policy").text("kind", "greedy", "")) {}
  bool trained() const override { return false; }
  std::string name() const override { return name_; }
  std::unique_ptr<Problem> tested(std::shared_ptr<const Tasks> tasks,
                                  std::uint64_t seed) const override {
    return std::make_unique<PolicyTest>(policy_, environment_, std::move(tasks), seed, 0);
  }
  std::unique_ptr<Problem> training(const Config&, std::uint64_t seed, std::size_t,
                                    std::size_t) const override {
    return std::make_unique<PolicyTest>(policy_, environment_, environment_->drawn(seed, "train"),
                                        seed, tune_tasks_);
  }
  // What learned agents of the same experiment are told is no mistake.
  void read_training(const Config& training) const override {
    AgentTraining(training, *environment_);
  }
  History history(const Params&, const Tasks&, std::uint64_t, std::uint64_t) const override {
    throw Error("model: want an agent that attends to its history, have policy " + name_);
  }
  std::uint64_t work(const Params&) const override { return 0; }

 private:
  std::shared_ptr<const Environment> environment_;
  std::shared_ptr<const Policy> policy_;
  std::size_t tune_tasks_;
  std::string name_;
};

}  // namespace

std::shared_ptr<const Agent> make_agent(const Config& config,
                                        std::shared_ptr<const Environment> environment) {
  if (config.choice("kind", "learned", {"learned", "policy"}, "learned, or computed") == "policy")
    return std::make_shared<PolicyAgent>(config, std::move(environment));
  return std::make_shared<LearnedAgent>(config, std::move(environment));
}

}  // namespace attune
