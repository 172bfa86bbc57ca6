#include "control/bandit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "array/parallel.hpp"
#include "base/error.hpp"
#include "base/scratch.hpp"
#include "control/bandit_optimum.hpp"
#include "statistics/interval.hpp"

using namespace attune;

namespace {

std::unique_ptr<Environment> bandit(int arms, int pulls) {
  return EnvironmentRegistry::make(
      Config::parse(R"({"kind": "bandit", "arms": )" + std::to_string(arms) + R"(, "pulls": )" +
                        std::to_string(pulls) + "}",
                    "test"),
      "bandit");
}

std::vector<std::uint64_t> first(std::size_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

std::vector<double> rewards(const Environment& environment, const std::string& policy,
                            std::size_t count, std::uint64_t seed = 3) {
  const auto made = environment.policy(Config::parse(policy, "test"));
  const auto tasks = environment.drawn(11, "test");
  const auto others = environment.drawn(12, "tune");
  const double parameter =
      made->candidates().empty() ? 0 : tune(environment, *others, *made, 5, 2000);
  return play(environment, *tasks, *made, parameter, seed, first(count));
}

// Within so many standard errors, of ours and of `error`, of the value.
void check_near(const std::vector<double>& values, double want, double error, double within) {
  const Interval interval = mean_interval(values, 0.6826894921);  // half-width: about one s.e.
  CAPTURE(interval.mean);
  CAPTURE(want);
  CHECK(std::abs(interval.mean - want) <= within * std::hypot(interval.half_width, error));
}

}  // namespace

TEST_CASE("a pull pays the same whoever makes it and whatever was pulled in between") {
  const auto environment = bandit(3, 8);
  const auto tasks = environment->drawn(4, "test");
  for (std::uint64_t number = 0; number < 20; ++number) {
    const auto a = tasks->trial(number), b = tasks->trial(number);
    std::vector<double> one, other;
    for (const std::uint32_t arm : {0, 0, 1, 1, 2, 0, 1, 2}) one.push_back(a->act(arm));
    for (const std::uint32_t arm : {2, 1, 0, 0, 2, 1, 1, 0}) other.push_back(b->act(arm));
    CHECK(std::vector<double>{one[0], one[1], one[5]} ==
          std::vector<double>{other[2], other[3], other[7]});
    CHECK(std::vector<double>{one[4], one[7]} == std::vector<double>{other[0], other[4]});
    CHECK_THROWS_AS(a->act(0), Error);
  }
  CHECK_THROWS_AS(tasks->trial(0)->act(3), Error);
}

TEST_CASE("an agent sees its last pull, what it paid and how far it is") {
  const auto environment = bandit(3, 4);
  const auto trial = environment->drawn(4, "test")->trial(1);
  std::vector<float> seen(environment->features());
  trial->observe(seen);
  CHECK(seen == std::vector<float>{0, 0, 0, 0, 0, 0});
  const double reward = trial->act(1);
  trial->observe(seen);
  CHECK(seen == std::vector<float>{0, 1, 0, static_cast<float>(reward), 1, 0.25F});
}

TEST_CASE("frozen bandits are the drawn ones, with their luck") {
  const Scratch scratch;
  const auto environment = bandit(4, 6);
  const std::string path = scratch.path("tasks.h5");
  const std::string hash = write_tasks(path, *environment, 9, "test", 40);
  const TaskFile file = read_tasks(path, *environment);
  CHECK(file.hash == hash);
  CHECK(file.tasks->count() == 40);
  const auto drawn = environment->drawn(9, "test");
  const auto policy = environment->policy(Config::parse(R"({"kind": "thompson"})", "test"));
  CHECK(play(*environment, *file.tasks, *policy, 0, 1, first(40)) ==
        play(*environment, *drawn, *policy, 0, 1, first(40)));
  CHECK(file.tasks->ceiling(7) == drawn->ceiling(7));
  CHECK_THROWS_AS(file.tasks->trial(40), Error);
  CHECK(message_of<Error>([&] { read_tasks(path, *bandit(5, 6)); }).find("bandit 4x6") !=
        std::string::npos);
}

TEST_CASE("the same bits at any number of threads, other ones with another seed") {
  const auto environment = bandit(5, 10);
  set_threads(1);
  const auto one = rewards(*environment, R"({"kind": "thompson"})", 500);
  set_threads(3);
  CHECK(rewards(*environment, R"({"kind": "thompson"})", 500) == one);
  CHECK(rewards(*environment, R"({"kind": "thompson"})", 500, 4) != one);
  set_threads(1);
}

TEST_CASE("ties are broken with equal chances") {
  Rng rng(1, "test");
  std::vector<int> count(4);
  for (int i = 0; i < 6000; ++i) ++count[choose(std::vector<double>{2, 1, 2, 2}, rng)];
  CHECK(count[1] == 0);
  for (const int arm : {0, 2, 3}) CHECK(std::abs(count[arm] - 2000) < 4 * 37);
}

// The values of an independent simulation, each with its standard error.
TEST_CASE("floors and the optimum earn on 5 arms and 10 pulls what they must") {
  const auto environment = bandit(5, 10);
  constexpr std::size_t kTasks = 20000;
  check_near(rewards(*environment, R"({"kind": "random"})", kTasks), 5, 0, 3);
  check_near(rewards(*environment, R"({"kind": "thompson"})", kTasks), 5.83, 0.01, 3);
  check_near(rewards(*environment, R"({"kind": "greedy"})", kTasks), 6.62, 0.01, 3);
  check_near(rewards(*environment, R"({"kind": "gittins"})", kTasks), 6.58, 0.01, 3);
  check_near(rewards(*environment, R"({"kind": "ucb1", "c": [0.2]})", kTasks), 6.55, 0.02, 4);
  const auto optimal = rewards(*environment, R"({"kind": "optimal"})", kTasks);
  check_near(optimal, 6.66, 0, 3);
  // Paired, what is better stands out: the index of the pulls left is all but optimal.
  const auto index = rewards(*environment, R"({"kind": "finite_horizon"})", kTasks);
  const Interval lead =
      paired_interval(index, rewards(*environment, R"({"kind": "greedy"})", kTasks));
  CHECK(lead.mean > lead.half_width);
  const Interval gap = paired_interval(optimal, index);
  CHECK(gap.mean < 0.03);
}

TEST_CASE("100 pulls of 5 arms") {
  const auto environment = bandit(5, 100);
  constexpr std::size_t kTasks = 1500;
  check_near(rewards(*environment, R"({"kind": "random"})", kTasks), 50, 0, 3);
  check_near(rewards(*environment, R"({"kind": "thompson"})", kTasks), 74.94, 0.11, 3);
  check_near(rewards(*environment, R"({"kind": "optimistic_thompson"})", kTasks), 75.83, 0.12, 3);
  check_near(rewards(*environment, R"({"kind": "greedy"})", kTasks), 75.74, 0.12, 3);
  check_near(rewards(*environment, R"({"kind": "gittins"})", kTasks), 78.44, 0.12, 3);
  check_near(rewards(*environment, R"({"kind": "ucb1", "c": [0.2]})", kTasks), 77.88, 0.12, 3);
}

TEST_CASE("renaming the arms leaves the mean reward as it is") {
  const auto environment = bandit(3, 12);
  const auto tasks = environment->drawn(2, "test");
  const auto policy = environment->policy(Config::parse(R"({"kind": "greedy"})", "test"));
  std::vector<double> plain, renamed;
  for (std::uint64_t number = 0; number < 4000; ++number) {
    for (const bool turned : {false, true}) {
      const auto trial = tasks->trial(number);
      const auto advisor = policy->advisor(0);
      Rng rng(1, "turn", number);
      std::vector<double> scores(3);
      double total = 0;
      for (int t = 0; t < 12; ++t) {
        advisor->scores(*trial, rng, scores);
        // The last of the best instead of the first.
        std::uint32_t arm = 0;
        for (std::uint32_t a = 0; a < 3; ++a)
          if (turned ? scores[a] >= scores[arm] : scores[a] > scores[arm]) arm = a;
        total += trial->act(arm);
      }
      (turned ? renamed : plain).push_back(total);
    }
  }
  const Interval difference = paired_interval(plain, renamed, 0.999);
  CHECK(std::abs(difference.mean) < difference.half_width);
}

TEST_CASE("settings that make no sense are refused") {
  const auto refused = [](const std::string& text, const std::string& what) {
    const auto environment = bandit(5, 300);
    CHECK(message_of<UsageError>([&] {
            const Config config = Config::parse(text, "test");
            environment->policy(config);
          }).find(what) != std::string::npos);
  };
  refused(R"({"kind": "gitins"})", "gittins");
  refused(R"({"kind": "ucb1", "c": [1, 2]})", "one number");
  refused(R"({"kind": "finite_horizon"})", "200 pulls");
  refused(R"({"kind": "optimal"})", "200 pulls");
}

namespace {

// Always pulls the arm of the highest mean so far, or, without a parameter, always the first.
struct Heeds : Policy {
  explicit Heeds(std::vector<double> settings) : settings_(std::move(settings)) {}
  std::vector<double> candidates() const override { return settings_; }
  std::unique_ptr<Advisor> advisor(double parameter) const override {
    struct Means : BanditAdvisor {
      explicit Means(bool heeds) : heeds_(heeds) {}
      void score_arms(const BanditTrial& trial, Rng&, std::span<double> out) const override {
        for (std::size_t a = 0; a < out.size(); ++a)
          out[a] = heeds_ ? trial.posterior_mean(a) : (a == 0);
      }
      bool heeds_;
    };
    return std::make_unique<Means>(parameter > 0);
  }
  std::vector<double> settings_;
};

}  // namespace

TEST_CASE("tuning takes the setting that earns most, of equal ones the first") {
  const auto environment = bandit(5, 20);
  const auto tasks = environment->drawn(12, "tune");
  const auto tuned = [&](const std::vector<double>& settings) {
    return tune(*environment, *tasks, Heeds(settings), 5, 400);
  };
  CHECK(tuned({0, 1}) == 1);
  CHECK(tuned({1, 0}) == 1);
  CHECK(tuned({0, 1, -1}) == 1);
  CHECK(tuned({2, 1, 3}) == 2);
  CHECK_THROWS_WITH_AS(tuned({}), doctest::Contains("want candidates"), Error);
}

TEST_CASE("a policy's luck in a task does not hang on which others are played") {
  const auto environment = bandit(5, 10);
  const auto tasks = environment->drawn(11, "test");
  const auto policy = environment->policy(Config::parse(R"({"kind": "thompson"})", "test"));
  const auto all = play(*environment, *tasks, *policy, 0, 3, first(200));
  std::vector<std::uint64_t> some;
  for (std::uint64_t number = 199; number < 200; number -= 2) some.push_back(number);
  const auto part = play(*environment, *tasks, *policy, 0, 3, some);
  for (std::size_t i = 0; i < some.size(); ++i) CHECK(part[i] == all[some[i]]);
}
