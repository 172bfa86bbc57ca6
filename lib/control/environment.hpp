#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/registry.hpp"
#include "base/rng.hpp"
#include "store/h5.hpp"

namespace attune {

// One task while it is played, from the first step to the last. Its luck is a tape that depends on
// the task and on what is done, never on who does it: two agents that do the same see the same.
class Trial {
 public:
  virtual ~Trial() = default;
  virtual double act(std::uint32_t action) = 0;  // the reward; Error when the trial is over
  virtual void observe(std::span<float> features) const = 0;  // of Environment::features()
  virtual std::size_t step() const = 0;                       // steps taken
  // For pictures: the state, where the task has several, and whether an episode of it begins.
  virtual std::optional<std::uint32_t> place() const { return {}; }
  virtual bool begins() const { return step() == 0; }
};

// Says what to do in one trial, of which it may keep notes. Actions of the highest score are all as
// good: the caller draws one of them.
class Advisor {
 public:
  virtual ~Advisor() = default;
  virtual void scores(const Trial& trial, Rng& rng, std::span<double> out) = 0;  // one per action
};

// A way of acting that is computed, not learned.
class Policy {
 public:
  virtual ~Policy() = default;
  // Settings of a free parameter to choose among on tasks apart from all others; empty: it has
  // none.
  virtual std::vector<double> candidates() const { return {}; }
  // For a trial of the environment that made the policy, with `parameter` where it has one.
  virtual std::unique_ptr<Advisor> advisor(double parameter) const = 0;
};

// Tasks by number: those of a stream of random numbers, or those of a file.
class Tasks {
 public:
  virtual ~Tasks() = default;
  virtual std::size_t count() const = 0;  // of a file; of a stream the largest std::size_t
  virtual std::unique_ptr<Trial> trial(std::uint64_t number) const = 0;
  virtual double ceiling(std::uint64_t number) const = 0;  // mean reward of who knows the task
};

// A distribution of tasks: bandits of so many arms, decision processes of so many states.
class Environment {
 public:
  virtual ~Environment() = default;
  virtual std::string title() const = 0;  // "bandit 5x10"
  // What a trial is made of, for rows and file attributes: {"arms", 5}, {"pulls", 10}.
  virtual std::vector<std::pair<std::string, std::uint64_t>> shape() const = 0;
  virtual std::size_t actions() const = 0;
  virtual std::size_t features() const = 0;  // of an observation
  virtual std::size_t steps() const = 0;     // of a trial
  virtual int reward_decimals() const = 0;   // that a sum of rewards is told with; -1: all
  // What the features stand for, for pictures: "arm 3", "reward".
  virtual std::string action_name(std::uint32_t action) const = 0;

  // Task e is a pure function of (seed, stream, e), and so is its tape.
  virtual std::unique_ptr<Tasks> drawn(std::uint64_t seed, const std::string& stream) const = 0;
  // The first `count` of them as datasets of a file, with what makes their tapes again; and back.
  virtual void write(store::Writer& file, std::uint64_t seed, const std::string& stream,
                     std::size_t count) const = 0;
  virtual std::unique_ptr<Tasks> read(const store::Reader& file) const = 0;
  virtual std::unique_ptr<Policy> policy(const Config& config) const = 0;
};
using EnvironmentRegistry = Registry<Environment>;

// The action of the highest score; of several, within 1e-9 of it, one drawn with equal chances.
std::uint32_t choose(std::span<const double> scores, Rng& rng);

// Sums of rewards of tasks `numbers`, played by the policy; its own chance is a pure function of
// (seed, task). Trials run side by side.
std::vector<double> play(const Environment& environment, const Tasks& tasks, const Policy& policy,
                         double parameter, std::uint64_t seed,
                         std::span<const std::uint64_t> numbers);

// The candidate of the highest mean reward over the first `count` tasks; the first of equal ones.
double tune(const Environment& environment, const Tasks& tasks, const Policy& policy,
            std::uint64_t seed, std::size_t count);

// Frozen tasks on disk (kind "attune-tasks", version 1): the environment's datasets; attributes
// environment (its title), seed and stream of the draw, title, about, and the numbers of shape().
std::string write_tasks(const std::string& path, const Environment& environment, std::uint64_t seed,
                        const std::string& stream, std::size_t count);
struct TaskFile {
  std::unique_ptr<Tasks> tasks;
  std::string hash;
  std::string split;  // "test" of a stream "frozen.test"; "-" of another stream
};
// Error when the file is of another environment.
TaskFile read_tasks(const std::string& path, const Environment& environment);

}  // namespace attune
