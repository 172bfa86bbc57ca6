#include "control/mdp.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "array/parallel.hpp"
#include "base/error.hpp"
#include "base/scratch.hpp"
#include "statistics/interval.hpp"

using namespace attune;

namespace {

std::unique_ptr<Environment> mdp(const std::string& settings = "") {
  return EnvironmentRegistry::make(Config::parse(R"({"kind": "mdp")" + settings + "}", "test"), "");
}

std::vector<std::uint64_t> first(std::size_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

std::vector<double> rewards(const Environment& environment, const std::string& policy,
                            std::size_t count) {
  const auto made = environment.policy(Config::parse(policy, "test"));
  const double parameter = made->candidates().empty() ? 0 : made->candidates().front();
  return play(environment, *environment.drawn(11, "test"), *made, parameter, 3, first(count));
}

void check_near(const std::vector<double>& values, double want, double error, double within) {
  const Interval interval = mean_interval(values, 0.6826894921);
  CAPTURE(interval.mean);
  CAPTURE(want);
  CHECK(std::abs(interval.mean - want) <= within * std::hypot(interval.half_width, error));
}

}  // namespace

TEST_CASE("value iteration tells what who knows the process earns") {
  const auto environment = mdp();
  const auto tasks = environment->drawn(11, "test");
  const auto earned = rewards(*environment, R"({"kind": "known"})", 1000);
  std::vector<double> expected;
  for (const std::uint64_t number : first(1000)) expected.push_back(tasks->ceiling(number));
  const Interval gap = paired_interval(earned, expected, 0.997);
  CHECK(std::abs(gap.mean) < gap.half_width);
  CHECK(gap.half_width < 1.5);
}

TEST_CASE("a plan of one state is a choice among its rewards, of two a weighing of both") {
  const MdpShape one{1, 2, 3, 1};
  CHECK(plan(one, {{1, 1}, {0.5, 2}}, 3) == std::vector<double>{0.5, 2, 2.5, 4, 4.5, 6});
  // Action 1 of state 0 pays nothing and leads to state 1, where 10 waits.
  const MdpShape two{2, 2, 2, 1};
  const auto values = plan(two, {{1, 0, 0, 1, 0, 1, 0, 1}, {1, 0, 10, 10}}, 2);
  CHECK(values == std::vector<double>{1, 0, 10, 10, 2, 10, 20, 20});
}

// The values of an independent simulation of 1,000 processes.
TEST_CASE("floors earn in 10 episodes what they must") {
  const auto environment = mdp();
  check_near(rewards(*environment, R"({"kind": "random"})", 1500), 99.8, 0.6, 3);
  check_near(rewards(*environment, R"({"kind": "psrl"})", 600), 133.6, 0.8, 3);
  check_near(rewards(*environment, R"({"kind": "greedy"})", 1500), 149.3, 0.8, 3);
  check_near(rewards(*environment, R"({"kind": "bonus", "bonus": [1]})", 1500), 146.0, 0.8, 3);
  check_near(rewards(*environment, R"({"kind": "known"})", 1500), 217.6, 0.8, 3);
}

TEST_CASE("drawing among equal actions explores, and earns more") {
  const auto environment = mdp();
  const Interval lead =
      paired_interval(rewards(*environment, R"({"kind": "greedy", "ties": "drawn"})", 800),
                      rewards(*environment, R"({"kind": "greedy"})", 800));
  CHECK(lead.mean > lead.half_width);
}

TEST_CASE("planning before every step beats planning once an episode") {
  const auto environment = mdp();
  const Interval lead =
      paired_interval(rewards(*environment, R"({"kind": "greedy", "plan": "step"})", 800),
                      rewards(*environment, R"({"kind": "greedy"})", 800));
  CHECK(lead.mean > lead.half_width);
}

TEST_CASE("what is believed counts what was seen; episodes begin in state 0") {
  const auto environment = mdp(R"(, "states": 3, "actions": 2, "horizon": 4, "episodes": 5)");
  const auto tasks = environment->drawn(1, "test");
  const auto trial = tasks->trial(2);
  const auto& seen = static_cast<const MdpTrial&>(*trial);
  double total = 0;
  for (std::size_t t = 0; t < 20; ++t) {
    if (t % 4 == 0) CHECK(seen.state() == 0);
    CHECK(seen.episode() == t / 4);
    total += trial->act(static_cast<std::uint32_t>(t % 2));
  }
  CHECK_THROWS_AS(trial->act(0), Error);
  CHECK(std::accumulate(seen.visits().begin(), seen.visits().end(), 0u) == 20);
  CHECK(std::accumulate(seen.arrivals().begin(), seen.arrivals().end(), 0u) == 20);
  CHECK(std::accumulate(seen.reward_sum().begin(), seen.reward_sum().end(), 0.0) ==
        doctest::Approx(total));
  const auto model = posterior_mean(seen);
  for (std::size_t i = 0; i < 6; ++i) {
    double sum = 0;
    for (std::size_t s = 0; s < 3; ++s) sum += model.transition[i * 3 + s];
    CHECK(sum == doctest::Approx(1));
  }
}

TEST_CASE("what is seen is the last transition, and where in the trial it was") {
  const auto environment = mdp(R"(, "states": 3, "actions": 2, "horizon": 4, "episodes": 5)");
  const auto tasks = environment->drawn(1, "test");
  const auto trial = tasks->trial(2);
  const auto& seen = static_cast<const MdpTrial&>(*trial);
  REQUIRE(environment->features() == 12);
  std::vector<float> features(12), want(12);
  for (std::size_t t = 0; t < 20; ++t) {
    std::ranges::fill(want, 0.0F);
    std::uint32_t from = 0;
    double reward = 0;
    if (t > 0) {
      from = seen.state();
      reward = trial->act(t % 2 == 0 ? 1 : 0);
      want[3 + from] = 1;
      want[6 + (t % 2 == 0 ? 1 : 0)] = 1;
      want[8] = static_cast<float>(reward);
    }
    want[seen.state()] = 1;
    want[9] = t % 4 == 0 ? 1.0F : 0.0F;
    want[10] = static_cast<float>(t % 4) / 4;
    want[11] = static_cast<float>(t) / 20;
    trial->observe(features);
    CHECK(features == want);
  }
}

TEST_CASE("frozen processes are the drawn ones, with their luck, at any number of threads") {
  const Scratch scratch;
  const auto environment = mdp(R"(, "states": 4, "episodes": 2)");
  const std::string path = scratch.path("tasks.h5");
  write_tasks(path, *environment, 9, "test", 20);
  const TaskFile file = read_tasks(path, *environment);
  const auto policy = environment->policy(Config::parse(R"({"kind": "psrl"})", "test"));
  const auto drawn = environment->drawn(9, "test");
  set_threads(1);
  const auto one = play(*environment, *drawn, *policy, 0, 1, first(20));
  set_threads(3);
  CHECK(play(*environment, *file.tasks, *policy, 0, 1, first(20)) == one);
  set_threads(1);
  CHECK_THROWS_AS(read_tasks(path, *mdp()), Error);
}
