#include "agent/agent.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "agent/memory.hpp"
#include "agent/rollout.hpp"
#include "array/parallel.hpp"
#include "autograd/ops.hpp"
#include "control/bandit_optimum.hpp"
#include "metric/interval.hpp"
#include "nn/optimiser.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 1e-4;

std::shared_ptr<const Environment> bandit(const std::string& settings) {
  return EnvironmentRegistry::make(Config::parse(R"({"kind": "bandit")" + settings + "}", "test"),
                                   "");
}

std::vector<std::uint64_t> first(std::size_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

std::vector<double> rewards(Evaluator& evaluator, std::size_t count) {
  std::vector<double> found;
  for (const Scores& scores : evaluator(first(count))) found.push_back(scores.at("reward"));
  return found;
}

}  // namespace

TEST_CASE("every memory reads step by step what it reads at once, and never ahead") {
  for (const std::string& kind : MemoryRegistry::names()) {
    CAPTURE(kind);
    constexpr std::size_t kBatch = 3, kSteps = 7, kIn = 5;
    const auto memory = MemoryRegistry::make(
        Config::parse(R"({"kind": ")" + kind + R"("})", "test"), "", kIn, "memory");
    Params params;
    Rng rng(3, "memory");
    memory->init(params, rng);
    const Array x = random_array({kBatch, kSteps, kIn}, rng);
    Context context;
    const auto read = [&](const Array& seen) {
      return memory->forward(params, constant(seen), context, nullptr).value();
    };
    const Array whole = read(x);
    const auto state = memory->start(params, kBatch);
    for (std::size_t t = 0; t < kSteps; ++t) {
      const Array now = state->step(kernel::slice(x, 1, t, t + 1).reshaped({kBatch, kIn}));
      for (std::size_t b = 0; b < kBatch; ++b)
        for (std::size_t d = 0; d < memory->features(); ++d)
          CHECK(double(now.data()[b * memory->features() + d]) ==
                doctest::Approx(double(whole.data()[(b * kSteps + t) * memory->features() + d]))
                    .epsilon(kClose));
    }
    // What comes at step 4 changes nothing before it, but something after.
    const std::vector<Array> parts{kernel::slice(x, 1, 0, 4),
                                   random_array({kBatch, kSteps - 4, kIn}, rng)};
    const Array ahead = kernel::concat(parts, 1);
    const Array other = read(ahead);
    double before = 0, after = 0;
    for (std::size_t b = 0; b < kBatch; ++b)
      for (std::size_t t = 0; t < kSteps; ++t)
        for (std::size_t d = 0; d < memory->features(); ++d) {
          const std::size_t i = (b * kSteps + t) * memory->features() + d;
          double& most = t < 4 ? before : after;
          most = std::max(most, std::abs(double(whole.data()[i]) - double(other.data()[i])));
        }
    CHECK(before < 1e-6);
    CHECK(after > 1e-3);
  }
}

TEST_CASE("advantages are those of Schulman et al. 2016, eq. 16, by hand") {
  const std::vector<double> found =
      advantages(std::vector<double>{1, 0, 2}, std::vector<double>{0.5, 1, 1.5}, 0.9, 0.5);
  const double last = 2 - 1.5, middle = 0 + 0.9 * 1.5 - 1 + 0.45 * last;
  const double start = 1 + 0.9 * 1 - 0.5 + 0.45 * middle;
  CHECK(found.at(2) == doctest::Approx(last));
  CHECK(found.at(1) == doctest::Approx(middle));
  CHECK(found.at(0) == doctest::Approx(start));
}

TEST_CASE("agents learn from a teacher and from rewards, with the same bits at any thread count") {
  const auto environment = bandit(R"(, "arms": 2, "pulls": 4)");
  const std::shared_ptr<const Tasks> tasks = environment->drawn(5, "test");
  const auto agent = make_agent(
      Config::parse(R"({"memory": {"kind": "gru", "hidden": 16}})", "test"), environment);
  for (const std::string how :
       {R"({"kind": "imitation", "imitation": {"teacher": {"kind": "optimal"}}})",
        R"({"kind": "ppo"})", R"({"kind": "imitation_ppo", "share": 0.5})"}) {
    CAPTURE(how);
    const auto train = [&](int threads) {
      set_threads(threads);
      const Config config = Config::parse(how, "test");
      constexpr std::size_t kSteps = 160, kBatch = 64;
      const auto problem = agent->training(config, 1, kBatch, kSteps);
      Rng rng(1, "init");
      Params params = problem->init(rng);
      const auto optimiser = OptimiserRegistry::make(Config::parse("{}", "test"), "adam");
      for (std::size_t step = 0; step < kSteps; ++step) {
        std::vector<std::uint64_t> numbers(kBatch);
        std::iota(numbers.begin(), numbers.end(), step * kBatch);
        Context context;
        context.mode = Mode::train;
        context.step = step;
        const Step asked = problem->gradients(params, numbers, context);
        optimiser->update(params, asked.gradients, 0.01);
      }
      const auto found = rewards(*agent->tested(tasks, 2)->evaluator(params), 2000);
      set_threads(1);
      return found;
    };
    const auto one = train(1);
    CHECK(train(2) == one);
    const Interval reward = mean_interval(one);
    const double optimum = BanditOptimum(2, 4).value();
    // By chance 2. Rewards alone teach more slowly.
    const double share = how.find("imitation") == std::string::npos ? 0.25 : 0.5;
    CHECK(reward.mean > 2 + share * (optimum - 2));
    CHECK(reward.mean < optimum + 2 * reward.half_width);
  }
}
