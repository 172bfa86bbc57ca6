#include "bench/agents.hpp"

#include <limits>
#include <numeric>

#include "base/file.hpp"
#include "bench/watched.hpp"
#include "store/h5.hpp"
#include "train/model.hpp"
#include "train/task_family.hpp"

namespace attune::bench {
namespace {

constexpr std::uint32_t kArms = 5, kTrials = 1024, kEpochs = 4, kRollouts = 2;
constexpr std::uint64_t kSeed = 1;
constexpr std::uint32_t kPulls[] = {10, 100};
constexpr const char* kMemories[] = {"gru", "transformer"};

std::string case_name(const std::string& memory, std::uint32_t pulls) {
  return memory + std::to_string(pulls);
}

Config config(const std::string& memory, std::uint32_t pulls) {
  const std::string settings =
      memory == "gru" ? R"("hidden": 64)" : R"("features": 64, "layers": 2, "dropout": 0)";
  return Config::parse(
      R"({"task": "control", "seed": )" + std::to_string(kSeed) +
          R"(, "environment": {"kind": "bandit", "arms": )" + std::to_string(kArms) +
          R"(, "pulls": )" + std::to_string(pulls) + R"(}, "agent": {"memory": {"kind": ")" +
          memory + R"(", )" + settings + R"(}}, "training": {"kind": "ppo", "ppo": {"epochs": )" +
          std::to_string(kEpochs) + R"(, "minibatches": 1}}, "train": {"batch": )" +
          std::to_string(kTrials) +
          R"(, "learning_rate": 0.0003, "schedule": {"kind": "constant"}, "steps": )" +
          std::to_string(std::numeric_limits<std::int32_t>::max() / 4) + "}}",
      "bench");
}

void write_start(const std::string& folder, const std::string& memory) {
  const Config root = config(memory, kPulls[0]);
  const auto plan = task_family(root)->read(root);
  const auto task = plan->open("");
  Rng init(kSeed, "init");
  Model model;
  model.config = root.resolved();
  model.trained_on = "-";
  model.pool_hash = task->data_hash;
  model.seed = kSeed;
  model.params = task->initial(init);
  write_model(folder + "/" + memory + "-start.h5", model);
}

// The random numbers of the first rollouts, as training draws them: rollout r plays the tasks from
// r · epochs · trials on.
void write_luck(const std::string& folder, std::uint32_t pulls) {
  std::vector<double> arms, tape, chance;
  std::vector<std::uint32_t> order;
  const Rng arm_numbers(kSeed, "train.arms"), tape_numbers(kSeed, "train.tape");
  for (std::uint64_t r = 0; r < kRollouts; ++r) {
    for (std::uint64_t e = 0; e < kTrials; ++e) {
      const std::uint64_t number = r * kEpochs * kTrials + e;
      Rng own = arm_numbers.at(number), act(kSeed, "act", number);
      for (std::uint32_t a = 0; a < kArms; ++a)
        arms.push_back(static_cast<double>(static_cast<float>(own.uniform())));
      for (std::uint64_t place = 0; place < std::uint64_t{kArms} * pulls; ++place)
        tape.push_back(tape_numbers.at(number, place).uniform());
      for (std::uint32_t t = 0; t < pulls; ++t) chance.push_back(act.uniform());
    }
    for (std::uint64_t epoch = 0; epoch < kEpochs; ++epoch) {
      std::vector<std::uint32_t> trials(kTrials);
      std::iota(trials.begin(), trials.end(), 0);
      Rng(kSeed, "ppo", r, epoch).shuffle(trials);
      order.insert(order.end(), trials.begin(), trials.end());
    }
  }
  const std::uint64_t tasks = std::uint64_t{kRollouts} * kTrials;
  store::Writer file(folder + "/agents" + std::to_string(pulls) + ".h5", "attune-bench-luck", 1);
  file.write<double>("/arms", {tasks, kArms}, arms, "(tasks,k): how often each arm pays");
  file.write<double>("/tape", {tasks, kArms, pulls}, tape, "(tasks,k,n): pays below the chance");
  file.write<double>("/chance", {tasks, pulls}, chance, "(tasks,n): draws actions");
  file.write<std::uint32_t>("/order", {kRollouts, kEpochs, kTrials}, order,
                            "(rollouts,epochs,trials)");
  file.commit();
}

}  // namespace

bool is_agent_case(const std::string& name) {
  for (const std::string memory : kMemories)
    for (const std::uint32_t pulls : kPulls)
      if (name == case_name(memory, pulls)) return true;
  return false;
}

void write_agent_data(const std::string& folder) {
  make_folders(folder);
  for (const std::string memory : kMemories) write_start(folder, memory);
  for (const std::uint32_t pulls : kPulls) write_luck(folder, pulls);
}

void time_agent(const std::string& folder, const std::string& name, Rounds& rounds) {
  for (const std::string memory : kMemories)
    for (const std::uint32_t pulls : kPulls) {
      if (name != case_name(memory, pulls)) continue;
      const Config root = config(memory, pulls);
      const auto plan = task_family(root)->read(root);
      const auto problem = plan->open("")->problem();
      Rng unused(0, "init");
      Params start = read_model_params(folder + "/" + memory + "-start.h5", problem->init(unused));
      time_training(*problem, std::move(start), plan->train, 0, rounds);
    }
}

}  // namespace attune::bench
