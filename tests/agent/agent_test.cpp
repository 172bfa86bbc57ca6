#include "agent/agent.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "agent/rollout.hpp"
#include "array/parallel.hpp"
#include "base/error.hpp"

using namespace attune;

namespace {

const char* const kMemories[] = {
    R"({"kind": "gru", "hidden": 8})",
    R"({"kind": "snail", "filters": 4, "keys": 4, "values": 4, "reach": 4})",
    R"({"kind": "snail", "filters": 4, "attention": {"normaliser": {"kind": "sparsemax"}}})",
    R"({"kind": "transformer", "features": 8, "dropout": 0})",
    R"({"kind": "transformer", "features": 8, "dropout": 0,
        "self": {"normaliser": {"kind": "top_k"}}})",
    R"({"kind": "linear", "heads": 2, "head_features": 4})"};

std::shared_ptr<const Environment> bandit(int arms, int pulls) {
  return EnvironmentRegistry::make(
      Config::parse(R"({"kind": "bandit", "arms": )" + std::to_string(arms) + R"(, "pulls": )" +
                        std::to_string(pulls) + "}",
                    "test"),
      "bandit");
}

Array noise(const Shape& shape) {
  Rng rng(3, "test");
  Array x(shape);
  for (std::size_t i = 0; i < x.size(); ++i) x.mutable_data()[i] = static_cast<Real>(rng.normal());
  return x;
}

std::shared_ptr<const Agent> agent(const std::string& config,
                                   const std::shared_ptr<const Environment>& environment) {
  return make_agent(Config::parse(config, "test"), environment);
}

// Plain gradient descent with momentum on the training problem; mean reward of 512 frozen tasks.
double learn(const Problem& start, Problem& problem, Params& params, std::size_t steps,
             std::size_t batch, double rate) {
  std::vector<Array> speed;
  for (std::size_t step = 0; step < steps; ++step) {
    std::vector<std::uint64_t> numbers(batch);
    std::iota(numbers.begin(), numbers.end(), step * batch);
    Context context;
    context.mode = Mode::train;
    context.step = step;
    context.rng = Rng(1, "context", step);
    Step one = problem.gradients(params, numbers, context);
    for (std::size_t i = 0; i < one.gradients.size(); ++i) {
      if (speed.size() <= i) speed.push_back(Array::zeros(one.gradients[i].shape()));
      speed[i] = kernel::add(kernel::scale(speed[i], Real(0.9)), one.gradients[i]);
    }
    params.change([&](std::size_t i, const std::string&, Array& value) {
      kernel::add_into(value, kernel::scale(speed[i], static_cast<Real>(-rate)));
    });
  }
  std::vector<std::uint64_t> numbers(512);
  std::iota(numbers.begin(), numbers.end(), 0);
  double sum = 0;
  for (const Scores& scores : (*start.evaluator(params))(numbers)) sum += scores.at("reward");
  return sum / 512;
}

}  // namespace

TEST_CASE("every memory gives the same step by step as at once, and looks at no later step") {
  for (const char* text : kMemories) {
    CAPTURE(text);
    const auto memory = MemoryRegistry::make(Config::parse(text, "test"), "gru", 5, "memory");
    Params params;
    Rng rng(2, "init");
    memory->init(params, rng);
    const Array x = noise({3, 7, 5});
    Context context;
    HistoryMaps maps;
    const Array all = memory->forward(params, constant(x), context, &maps).value();
    CHECK(all.shape() == Shape{3, 7, memory->features()});
    const auto state = memory->start(params, 3);
    double worst = 0;
    for (std::size_t t = 0; t < 7; ++t) {
      const Array now = state->step(kernel::slice(x, 1, t, t + 1).reshaped({3, 5}));
      const Array want = kernel::slice(all, 1, t, t + 1);
      for (std::size_t i = 0; i < now.size(); ++i)
        worst = std::max(worst, std::abs(double(now.data()[i]) - double(want.data()[i])));
    }
    CHECK(worst < 1e-5);
    Array changed = x;
    for (std::size_t b = 0; b < 3; ++b) changed.mutable_data()[b * 35 + 6 * 5] += 1;
    const Array other = memory->forward(params, constant(changed), context, nullptr).value();
    const auto until = [](const Array& y) { return kernel::slice(y, 1, 0, 6); };
    const Array a = until(all), b = until(other);
    double moved = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
      moved = std::max(moved, std::abs(double(a.data()[i]) - double(b.data()[i])));
    CHECK(moved < 1e-6);
    for (const auto& map : maps.maps) {
      CHECK(map.weights.shape() == Shape{3, 7, 7});
      for (std::size_t t = 0; t < 7; ++t) {
        double sum = 0;
        for (std::size_t s = 0; s < 7; ++s) {
          const double weight = double(map.weights.data()[t * 7 + s]);
          if (s > t) CHECK(weight == 0);
          sum += weight;
        }
        CHECK(sum == doctest::Approx(1).epsilon(1e-4));
      }
    }
  }
}

TEST_CASE("generalised advantages: λ = 0 is one step, λ = 1 all that comes") {
  const std::vector<double> rewards{1, 0, 2}, values{0.5, 1, 1.5};
  const auto one = advantages(rewards, values, 0.9, 0);
  CHECK(one[0] == doctest::Approx(1 + 0.9 * 1 - 0.5));
  CHECK(one[2] == doctest::Approx(2 - 1.5));
  const auto all = advantages(rewards, values, 0.9, 1);
  CHECK(all[0] == doctest::Approx(1 + 0.81 * 2 - 0.5));
  CHECK(advantages(rewards, values, 1, 1)[1] == doctest::Approx(2 - 1));
}

TEST_CASE("imitation and PPO learn to play, to the same bits at any number of threads") {
  const auto environment = bandit(2, 8);
  // At random 4; the optimum is near 4.8.
  const auto learner = agent(R"({"memory": {"kind": "gru", "hidden": 16}})", environment);
  const std::shared_ptr<const Tasks> tests = environment->drawn(5, "frozen.test");
  const auto tested = learner->tested(tests, 0);
  for (const auto& [training, steps, rate, least] :
       {std::tuple(R"({"kind": "imitation", "imitation": {"teacher": {"kind": "optimal"}}})", 150,
                   0.3, 4.6),
        std::tuple(R"({"kind": "ppo", "ppo": {"epochs": 2, "minibatches": 2}})", 400, 0.1, 4.3)}) {
    CAPTURE(training);
    Params results[2];
    for (const int count : {1, 3}) {
      set_threads(count);
      const auto problem = learner->training(Config::parse(training, "test"), 1, 300, 1000);
      Rng rng(1, "init");
      Params params = problem->init(rng);
      const int steps_here = count == 1 ? steps : 6;
      if (count == 3) {
        // The first steps once more.
        learn(*tested, *problem, params, 6, 300, rate);
        results[1] = params;
        continue;
      }
      Params few = params;
      const auto again = learner->training(Config::parse(training, "test"), 1, 300, 1000);
      learn(*tested, *again, few, 6, 300, rate);
      results[0] = few;
      const double reward = learn(*tested, *problem, params, steps_here, 300, rate);
      CHECK(reward > least);
      CHECK(reward < 5.2);
    }
    set_threads(1);
    const Vars a = results[0].weights(), b = results[1].weights();
    for (std::size_t i = 0; i < a.size(); ++i)
      CHECK(std::ranges::equal(a[i].value().values(), b[i].value().values()));
  }
}

TEST_CASE("a task's reward does not hang on which others are asked for") {
  const auto environment = bandit(3, 6);
  const auto learner = agent(R"({"memory": {"kind": "transformer", "features": 8}})", environment);
  const auto tested = learner->tested(environment->drawn(5, "frozen.test"), 0);
  Rng rng(1, "init");
  const Params params = tested->init(rng);
  std::vector<std::uint64_t> numbers(600);
  std::iota(numbers.begin(), numbers.end(), 0);
  const auto evaluator = tested->evaluator(params);
  const auto all = (*evaluator)(numbers);
  for (const std::uint64_t number : {0, 255, 256, 599}) {
    const std::uint64_t one[] = {number};
    CHECK((*evaluator)(one)[0] == all[number]);
  }
}

TEST_CASE("computed policies play as agents, their parameters tuned; they learn nothing") {
  const auto environment = bandit(3, 10);
  const auto ucb =
      agent(R"({"kind": "policy", "policy": {"kind": "ucb1"}, "tune_tasks": 200})", environment);
  CHECK(!ucb->trained());
  CHECK(ucb->name() == "ucb1");
  const auto problem = ucb->training(Config(), 1, 1, 1);
  Rng rng(1, "init");
  const Params params = problem->init(rng);
  CHECK(params.buffers().size() == 1);
  Context context;
  CHECK_THROWS_AS(problem->gradients(params, {}, context), Error);
  CHECK_THROWS_AS(agent(R"({"memory": {"kind": "snail", "attention": {"normaliser":
                          {"kind": "reinforce"}}}})",
                        environment),
                  UsageError);
}

TEST_CASE("what is watched is what was played, with attention to the past alone") {
  const std::shared_ptr<const Environment> mdp = EnvironmentRegistry::make(
      Config::parse(R"({"kind": "mdp", "states": 3, "actions": 2, "horizon": 4, "episodes": 3})",
                    "test"),
      "mdp");
  for (const char* act : {"best", "sample"}) {
    const auto learner = agent(
        std::string(R"({"memory": {"kind": "snail", "filters": 4}, "act": ")") + act + "\"}", mdp);
    const std::shared_ptr<const Tasks> tasks = mdp->drawn(5, "frozen.test");
    const auto tested = learner->tested(tasks, 7);
    Rng rng(1, "init");
    const Params params = tested->init(rng);
    const auto evaluator = tested->evaluator(params);
    for (const std::uint64_t number : {0, 300}) {
      const History history = learner->history(params, *tasks, number, 7);
      CHECK(history.number == number);
      const std::uint64_t one[] = {number};
      CHECK((*evaluator)(one)[0].at("reward") == doctest::Approx(history.total()).epsilon(1e-12));
      // The task itself, played by the same actions.
      const auto trial = tasks->trial(number);
      REQUIRE(history.steps.size() == 12);
      for (std::size_t t = 0; t < 12; ++t) {
        const History::Step& step = history.steps[t];
        CHECK(step.begins == (t % 4 == 0));
        CHECK(step.place == trial->place());
        CHECK(step.chance > 0);
        CHECK(step.chance < 1);
        CHECK(step.reward == trial->act(step.action));
      }
      CHECK(history.maps.size() == 2);
      for (const auto& map : history.maps) {
        CHECK(map.weights.shape() == Shape{12, 12});
        CHECK(map.weights.data()[1] == 0);
        CHECK(double(map.weights.data()[0]) == doctest::Approx(1));
      }
    }
  }
  const auto gru = agent(R"({"memory": {"kind": "gru", "hidden": 4}})", mdp);
  const std::shared_ptr<const Tasks> tasks = mdp->drawn(5, "frozen.test");
  Rng rng(1, "init");
  const Params params = gru->tested(tasks, 0)->init(rng);
  CHECK_THROWS_WITH_AS(gru->history(params, *tasks, 0, 0), doctest::Contains("none in memory gru"),
                       Error);
  const auto policy = agent(R"({"kind": "policy", "policy": {"kind": "psrl"}})", mdp);
  CHECK_THROWS_WITH_AS(policy->history(params, *tasks, 0, 0), doctest::Contains("policy psrl"),
                       Error);
}

TEST_CASE("an agent whose weights give NaN is an error, not a choice") {
  const auto environment = bandit(3, 4);
  for (const char* act : {"best", "sample"}) {
    const auto learner =
        agent(std::string(R"({"memory": {"kind": "gru", "hidden": 8}, "act": ")") + act + "\"}",
              environment);
    const auto tested = learner->tested(environment->drawn(5, "frozen.test"), 0);
    Rng rng(1, "init");
    Params params = tested->init(rng);
    params.change([](std::size_t, const std::string&, Array& value) {
      value.mutable_data()[0] = std::numeric_limits<Real>::quiet_NaN();
    });
    const std::uint64_t numbers[] = {0};
    CHECK_THROWS_WITH_AS((*tested->evaluator(params))(numbers), doctest::Contains("have NaN"),
                         Error);
  }
}
