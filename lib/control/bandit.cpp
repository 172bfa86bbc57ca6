#include "control/bandit.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace attune {

BanditTrial::BanditTrial(BanditShape shape, std::span<const float> arms, const Rng& tape,
                         std::uint64_t number)
    : shape_(shape),
      arms_(arms.begin(), arms.end()),
      wins_(shape.arms),
      losses_(shape.arms),
      tape_(tape),
      number_(number) {}

double BanditTrial::act(std::uint32_t arm) {
  if (step_ >= shape_.pulls)
    throw Error("bandit: want at most " + std::to_string(shape_.pulls) + " pulls, have one more");
  if (arm >= shape_.arms)
    throw Error("bandit: want an arm below " + std::to_string(shape_.arms) + ", have " +
                std::to_string(arm));
  // The n pulls of an arm have n places on the tape, of which a trial reads some.
  const std::uint64_t place = std::uint64_t{arm} * shape_.pulls + wins_[arm] + losses_[arm];
  const bool paid = tape_.at(number_, place).uniform() < static_cast<double>(arms_[arm]);
  ++(paid ? wins_ : losses_)[arm];
  ++step_;
  last_arm_ = arm;
  last_reward_ = paid;
  return last_reward_;
}

void BanditTrial::observe(std::span<float> features) const {
  std::ranges::fill(features, 0.0F);
  features[shape_.arms + 2] = static_cast<float>(step_) / static_cast<float>(shape_.pulls);
  if (step_ == 0) return;
  features[last_arm_] = 1;
  features[shape_.arms] = static_cast<float>(last_reward_);
  features[shape_.arms + 1] = 1;
}

double BanditTrial::posterior_mean(std::size_t arm) const {
  return (1.0 + wins_[arm]) / (2.0 + wins_[arm] + losses_[arm]);
}

namespace {

class BanditTasks : public Tasks {
 public:
  BanditTasks(BanditShape shape, std::uint64_t seed, const std::string& stream)
      : shape_(shape), tape_(seed, stream + ".tape") {}
  std::unique_ptr<Trial> trial(std::uint64_t number) const override {
    return std::make_unique<BanditTrial>(shape_, arms(number), tape_, number);
  }
  double ceiling(std::uint64_t number) const override {
    const std::vector<float> all = arms(number);
    return static_cast<double>(*std::ranges::max_element(all)) * shape_.pulls;
  }

 protected:
  virtual std::vector<float> arms(std::uint64_t number) const = 0;
  BanditShape shape_;

 private:
  Rng tape_;
};

class DrawnBandits : public BanditTasks {
 public:
  DrawnBandits(BanditShape shape, std::uint64_t seed, const std::string& stream)
      : BanditTasks(shape, seed, stream), arms_(seed, stream + ".arms") {}
  std::size_t count() const override { return std::numeric_limits<std::size_t>::max(); }
  std::vector<float> arms(std::uint64_t number) const override {
    Rng rng = arms_.at(number);
    std::vector<float> all(shape_.arms);
    for (float& p : all) p = static_cast<float>(rng.uniform());
    return all;
  }

 private:
  Rng arms_;
};

class FrozenBandits : public BanditTasks {
 public:
  FrozenBandits(BanditShape shape, const store::Reader& file)
      : BanditTasks(shape, static_cast<std::uint64_t>(file.integer_attribute("seed")),
                    file.text_attribute("stream")),
        arms_(file.read<float>("/arms")) {
    const auto dims = file.dims("/arms");
    if (dims.size() != 2 || dims[1] != shape.arms)
      throw Error(file.path() + ": /arms: want (tasks," + std::to_string(shape.arms) +
                  "), have another shape");
    for (const float p : arms_)
      if (!(p >= 0 && p <= 1))
        throw Error(file.path() + ": /arms: want probabilities, have others");
  }
  std::size_t count() const override { return arms_.size() / shape_.arms; }
  std::vector<float> arms(std::uint64_t number) const override {
    if (number >= count())
      throw Error("tasks: want a number below " + std::to_string(count()) + ", have " +
                  std::to_string(number));
    const auto first = arms_.begin() + static_cast<std::ptrdiff_t>(number * shape_.arms);
    return {first, first + shape_.arms};
  }

 private:
  std::vector<float> arms_;
};

class Bandit : public Environment {
 public:
  explicit Bandit(const Config& config) {
    shape_.arms =
        static_cast<std::uint32_t>(config.integer("arms", 5, {2, 1000}, "arms of a bandit, k"));
    shape_.pulls =
        static_cast<std::uint32_t>(config.integer("pulls", 10, {1, 10000}, "pulls of a trial, n"));
  }
  std::string title() const override {
    return "bandit " + std::to_string(shape_.arms) + "x" + std::to_string(shape_.pulls);
  }
  std::vector<std::pair<std::string, std::uint64_t>> shape() const override {
    return {{"arms", shape_.arms}, {"pulls", shape_.pulls}};
  }
  std::size_t actions() const override { return shape_.arms; }
  std::size_t features() const override { return shape_.arms + 3; }
  std::size_t steps() const override { return shape_.pulls; }
  int reward_decimals() const override { return -1; }
  std::string action_name(std::uint32_t action) const override {
    return "arm " + std::to_string(action + 1);
  }
  std::unique_ptr<Tasks> drawn(std::uint64_t seed, const std::string& stream) const override {
    return std::make_unique<DrawnBandits>(shape_, seed, stream);
  }
  void write(store::Writer& file, std::uint64_t seed, const std::string& stream,
             std::size_t count) const override {
    const DrawnBandits tasks(shape_, seed, stream);
    std::vector<float> all;
    for (std::uint64_t e = 0; e < count; ++e) {
      const auto arms = tasks.arms(e);
      all.insert(all.end(), arms.begin(), arms.end());
    }
    file.write<float>("/arms", {count, shape_.arms}, all, "(tasks,k): how often each arm pays");
  }
  std::unique_ptr<Tasks> read(const store::Reader& file) const override {
    return std::make_unique<FrozenBandits>(shape_, file);
  }
  std::unique_ptr<Policy> policy(const Config& config) const override {
    return BanditPolicyRegistry::make(config, "greedy", shape_);
  }

 private:
  BanditShape shape_;
};

const Register<Environment> part{
    "bandit", "Bernoulli bandits, arms ~ U[0,1] (Duan et al. 2016, §3.2)",
    [](const Config& config) { return std::make_unique<Bandit>(config); }};

}  // namespace
}  // namespace attune
