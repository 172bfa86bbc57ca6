// Bandits and decision processes: tasks are simulated, and learned by playing them.
#include "base/hash.hpp"
#include "train/open_agent.hpp"
#include "train/task_family.hpp"

namespace attune {
namespace {

class Frozen : public FrozenTask {
 public:
  Frozen(std::shared_ptr<const Agent> agent, std::shared_ptr<const Tasks> tasks, std::string hash,
         std::string split, std::uint64_t seed)
      : agent_(std::move(agent)),
        tasks_(std::move(tasks)),
        hash_(std::move(hash)),
        split_(std::move(split)),
        seed_(seed) {}
  std::size_t count() const override { return tasks_->count(); }
  std::string hash() const override { return hash_; }
  std::string split() const override { return split_; }
  std::unique_ptr<Problem> problem(Mode mode) const override {
    if (mode == Mode::transductive)
      throw UsageError("--transductive: want a task of classification, have one of control");
    return agent_->tested(tasks_, seed_);
  }

 private:
  std::shared_ptr<const Agent> agent_;
  std::shared_ptr<const Tasks> tasks_;
  std::string hash_, split_;
  std::uint64_t seed_;
};

std::uint64_t read_seed(const Config& root) {
  return static_cast<std::uint64_t>(root.integer("seed", 0,
                                                 {0, std::numeric_limits<std::int64_t>::max()},
                                                 "of weights, tasks and what agents do by chance"));
}

TrainSettings read_settings(const Config& train) {
  TrainSettings settings(train, "reward");
  train.choice("metric", "reward", {"reward"}, "");
  return settings;
}

struct Plan : TrainingPlan {
  explicit Plan(const Config& root)
      : TrainingPlan(read_settings(root.child("train"))),
        environment(read_environment(root)),
        agent(make_agent(root.child("agent"), environment)),
        training(root.child("training")) {
    seed = read_seed(root);
    agent->read_training(training);
  }
  std::unique_ptr<TrainingTask> open(const std::string& pool) const override;
  std::shared_ptr<const Environment> environment;
  std::shared_ptr<const Agent> agent;
  Config training;
};

struct Task : TrainingTask {
  explicit Task(const Plan& of) : plan(of) {
    data_hash = sha256(plan.environment->title());
    trained = plan.agent->trained();
    trained_on = trained ? plan.environment->title() : "-";
  }
  std::unique_ptr<Problem> problem() const override {
    return plan.agent->training(plan.training, plan.seed, plan.train.batch, plan.train.steps);
  }
  Params initial(Rng& rng) const override { return problem()->init(rng); }
  std::unique_ptr<FrozenTask> validation(const std::string& path) const override {
    TaskFile file = open_tasks(path, *plan.environment);
    return std::make_unique<Frozen>(plan.agent, std::move(file.tasks), file.hash, file.split,
                                    plan.seed);
  }
  const Plan& plan;
};

std::unique_ptr<TrainingTask> Plan::open(const std::string&) const {
  return std::make_unique<Task>(*this);
}

class Tested : public TestedModel {
 public:
  explicit Tested(OpenAgent open)
      : environment_(open.environment),
        agent_(open.agent),
        frozen_(agent_, open.tasks, open.hash, open.split, open.model.seed) {
    params = std::move(open.params);
    head = {agent_->name(),
            open.model.trained_on,
            std::to_string(open.model.seed),
            environment_->title(),
            short_hash(open.hash),
            short_hash(open.model.hash),
            environment_->shape(),
            {}};
    head.origin.split = open.split;
    head.origin.tested_on = environment_->title();
    head.origin.tested_pool = short_hash(sha256(environment_->title()));
    scores = {{"reward", environment_->reward_decimals()}};
    own_data = open.model.pool_hash == sha256(environment_->title());
  }
  const FrozenTask& frozen() const override { return frozen_; }
  std::string work_members() const override {
    if (!agent_->trained()) return "";
    const std::uint64_t work = agent_->work(params);
    return ", \"multiply_adds_per_episode\": " + std::to_string(work);
  }

 private:
  std::shared_ptr<const Environment> environment_;
  std::shared_ptr<const Agent> agent_;
  Frozen frozen_;
};

class ControlFamily : public TaskFamily {
 public:
  bool has_pool() const override { return false; }
  std::unique_ptr<TrainingPlan> read(const Config& root) const override {
    return std::make_unique<Plan>(root);
  }
  void read_all(const Config& root) const override { Plan plan(root); }
  std::unique_ptr<TestedModel> open(const ModelFile& model, const std::string&,
                                    const std::string& episodes) const override {
    try {
      return std::make_unique<Tested>(open_agent(model, episodes));
    } catch (const UsageError& error) {
      throw Error(error.what());  // a damaged file, not a wrong option
    }
  }
  std::string sample(const Config& config, const SampleOrder& order) const override {
    family_name(config);
    const auto environment = read_environment(config);
    config.finish();
    return write_tasks(order.path, *environment, order.seed, "frozen." + order.split,
                       order.episodes);
  }
};

const Register<TaskFamily> part{"control", "bandits and decision processes, learned within a trial",
                                [](const Config&) { return std::make_unique<ControlFamily>(); }};

}  // namespace
}  // namespace attune
