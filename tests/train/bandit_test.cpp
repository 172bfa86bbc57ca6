// Reinforcement learning through the same Problem, trainer and checkpoints: two-armed Bernoulli
// bandits, a policy on win and loss counts, REINFORCE with a mean baseline.
#include <doctest/doctest.h>

#include <cmath>

#include "nn/linear.hpp"
#include "train/resume.hpp"

using namespace attune;

namespace {

constexpr std::size_t kPulls = 10, kParallel = 32, kInputs = 4;

struct Bandit : Problem {
  Linear policy{"policy", kInputs, 2};

  Params init(Rng& rng) const override {
    Params params;
    policy.init(params, rng);
    return params;
  }

  struct Rollout {
    Array inputs{Shape{kPulls * kParallel, kInputs}};
    Indices arms;
    std::vector<double> rewards;  // total of each bandit
  };

  // Plays kParallel bandits; the luck of pull t on arm a of bandit b is a pure function of (e, b,
  // t, a).
  Rollout play(const Params& params, std::uint64_t episode, const char* stream) const {
    const NoGrad scope;
    Rollout r;
    r.rewards.assign(kParallel, 0);
    Rng rng(17, stream, episode);
    std::vector<std::array<double, 2>> chance(kParallel);
    for (auto& pair : chance) pair = {rng.uniform(), rng.uniform()};
    std::vector<std::array<double, kInputs>> counts(kParallel);
    Real* inputs = r.inputs.mutable_data();
    for (std::size_t t = 0; t < kPulls; ++t) {
      Array now({kParallel, kInputs});
      for (std::size_t b = 0; b < kParallel; ++b)
        for (std::size_t i = 0; i < kInputs; ++i)
          inputs[(t * kParallel + b) * kInputs + i] = now.mutable_data()[b * kInputs + i] =
              static_cast<Real>(counts[b][i] / 3);
      Context context;
      const Array p = softmax(policy.forward(params, constant(now), context)).value();
      for (std::size_t b = 0; b < kParallel; ++b) {
        const std::uint32_t arm = rng.uniform() < double(p.data()[2 * b]) ? 0 : 1;
        const bool win = rng.bernoulli(chance[b][arm]);
        r.arms.push_back(arm);
        r.rewards[b] += win;
        counts[b][2 * arm + (win ? 0 : 1)] += 1;
      }
    }
    return r;
  }

  Step gradients(const Params& params, std::span<const std::uint64_t> episodes,
                 Context& context) override {
    Var total = constant(Real(0));
    for (std::uint64_t e : episodes) {
      const Rollout r = play(params, e, "train");
      double mean_reward = 0;
      for (double reward : r.rewards) mean_reward += reward / kParallel;
      Array advantage({kPulls * kParallel, 1});
      for (std::size_t i = 0; i < advantage.size(); ++i)
        advantage.mutable_data()[i] = static_cast<Real>(r.rewards[i % kParallel] - mean_reward);
      const Var logs = log_softmax(policy.forward(params, constant(r.inputs), context));
      total = total - mean(take_last(logs, r.arms) * constant(advantage));
    }
    Step step;
    step.loss = double(total.value().item());
    for (const Var& g : grad(total, params.weights())) step.gradients.push_back(g.value());
    return step;
  }

  struct Played : Evaluator {
    const Bandit& bandit;
    Params params;
    Played(const Bandit& b, const Params& p) : bandit(b), params(p) {}
    std::vector<Scores> operator()(std::span<const std::uint64_t> episodes) override {
      std::vector<Scores> scores;
      for (std::uint64_t e : episodes) {
        double total = 0;
        for (double reward : bandit.play(params, e, "test").rewards) total += reward / kParallel;
        scores.push_back({{"reward", total}});
      }
      return scores;
    }
  };
  std::unique_ptr<Evaluator> evaluator(const Params& params) const override {
    return std::make_unique<Played>(*this, params);
  }
  std::size_t unit() const override { return 2; }
};

}  // namespace

TEST_CASE("a two-armed bandit agent learns to prefer what paid, and resumes to the same bits") {
  Bandit bandit;
  const TrainOutcome outcome = check_resume(
      R"({"steps": 300, "batch": 1, "learning_rate": 0.05, "validate_every": 50, "metric": "reward"})",
      bandit, 60, {3, 123});
  // Choosing at random gives 5.0; knowing the better arm 6.67. Posterior-mean play is near 6.1.
  CHECK(outcome.best_score > 5.7);
  CHECK(outcome.best_score < 6.67);
}

TEST_CASE("an unknown metric is a usage error that names the known ones") {
  Bandit bandit;
  const TrainSettings settings(Config::parse(R"({"steps": 2, "validate_every": 1})", "test"));
  TrainRun run;
  run.training = &bandit;
  run.validation = &bandit;
  run.validation_episodes = 1;
  run.quiet = true;
  CHECK_THROWS_WITH_AS(meta_train(settings, run), doctest::Contains("reward"), UsageError);
}

TEST_CASE("validation keeps the weights of the highest score, of loss the lowest") {
  // Validation n of a run scores n-th of the list, whatever the weights.
  struct Scored : Bandit {
    std::string name;
    std::vector<double> scores;
    mutable std::size_t turn = 0;
    struct Given : Evaluator {
      Scores scores;
      std::vector<Scores> operator()(std::span<const std::uint64_t> episodes) override {
        return std::vector<Scores>(episodes.size(), scores);
      }
    };
    std::unique_ptr<Evaluator> evaluator(const Params&) const override {
      auto given = std::make_unique<Given>();
      given->scores[name] = scores.at(turn++);
      return given;
    }
  };
  for (const auto& [name, best] : {std::pair("reward", 3u), std::pair("loss", 2u)}) {
    Scored scored;
    scored.name = name;
    scored.scores = {0.5, 0.1, 0.9, 0.2};
    const TrainSettings settings(Config::parse(
        R"({"steps": 4, "validate_every": 1, "metric": ")" + scored.name + "\"}", "test"));
    TrainRun run;
    run.training = &scored;
    run.validation = &scored;
    run.validation_episodes = 1;
    run.quiet = true;
    const TrainOutcome outcome = meta_train(settings, run);
    CHECK(outcome.validated);
    CHECK(outcome.best_step == best);
    CHECK(outcome.best_score == scored.scores[best - 1]);
  }
}

TEST_CASE("a stop during a validation keeps the step, and the next run validates it first") {
  struct Stopping : Bandit {
    std::size_t allowed = 99;  // validations that come to an end
    mutable std::size_t turn = 0;
    struct Interrupted : Evaluator {
      std::vector<Scores> operator()(std::span<const std::uint64_t>) override { throw Stopped{15}; }
    };
    std::unique_ptr<Evaluator> evaluator(const Params& params) const override {
      if (turn++ == allowed) return std::make_unique<Interrupted>();
      return Bandit::evaluator(params);
    }
  };
  const TemporaryFolder folder;
  const TrainSettings settings(Config::parse(
      R"({"steps": 8, "validate_every": 4, "log_every": 3, "metric": "reward"})", "test"));
  TrainRun run;
  run.validation_episodes = 2;
  run.identity = {"{}", "test", "", "", ""};
  run.quiet = true;
  Stopping whole;
  run.validation = run.training = &whole;
  const TrainOutcome wanted = meta_train(settings, run);
  run.state_path = (folder.path / "state").string();
  run.checkpoint_seconds = 1e9;
  for (const std::size_t allowed : {0, 1, 0}) {  // at step 4, at step 8, and again there
    Stopping stopping;
    stopping.allowed = allowed;
    run.validation = run.training = &stopping;
    CHECK_THROWS_AS(meta_train(settings, run), Stopped);
    CHECK(std::filesystem::exists(run.state_path));
  }
  Stopping last;
  run.validation = run.training = &last;
  const TrainOutcome outcome = meta_train(settings, run);
  CHECK(last.turn == 1);
  CHECK(outcome.log == wanted.log);
  CHECK(same_bits(outcome.params, wanted.params));
}

TEST_CASE("a loss that is not finite stops the run and names the step") {
  Bandit bandit;
  const TrainSettings settings(Config::parse(
      R"({"steps": 50, "learning_rate": 1e6, "optimiser": {"kind": "sgd"}, "metric": "reward"})",
      "test"));
  struct Broken : Bandit {
    Step gradients(const Params& params, std::span<const std::uint64_t> episodes,
                   Context& context) override {
      Step step = Bandit::gradients(params, episodes, context);
      if (context.step == 7) step.gradients[0].mutable_data()[0] = std::nan("");
      return step;
    }
  } broken;
  TrainRun run;
  run.training = &broken;
  run.quiet = true;
  CHECK_THROWS_WITH_AS(meta_train(settings, run), doctest::Contains("step 8"), Error);
}
