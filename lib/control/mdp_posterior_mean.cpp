#include "control/mdp.hpp"
#include "control/tuned.hpp"

namespace attune {
namespace {

// Plans with posterior means, rewards raised by bonus/(1 + visits); faded: times the share of the
// trial that is left after the episode.
class Planner : public MdpPlanner {
 public:
  struct How {
    explicit How(const Config& config)
        : every_step(config.choice("plan", "episode", {"episode", "step"},
                                   "how often a plan is made anew") == "step"),
          draws_ties(config.choice("ties", "first", {"first", "drawn"},
                                   "of equal actions; drawn ones explore by chance") == "drawn") {}
    bool every_step, draws_ties;
  };
  Planner(double bonus, bool fade, How how)
      : MdpPlanner(how.every_step, how.draws_ties), bonus_(bonus), fade_(fade) {}

 private:
  MdpModel<double> believed(const MdpTrial& trial, Rng&) const override {
    MdpModel<double> model = posterior_mean(trial);
    const double episodes = trial.shape().episodes;
    const double left =
        fade_ ? (episodes - 1 - static_cast<double>(trial.episode())) / episodes : 1;
    for (std::size_t i = 0; i < model.reward.size(); ++i)
      model.reward[i] += bonus_ * left / (1.0 + trial.visits()[i]);
    return model;
  }
  double bonus_;
  bool fade_;
};

class PosteriorMean : public Policy {
 public:
  explicit PosteriorMean(const Config& config) : how_(config) {}
  std::unique_ptr<Advisor> advisor(double) const override {
    return std::make_unique<Planner>(0, false, how_);
  }

 private:
  Planner::How how_;
};

class Bonus : public Tuned {
 public:
  explicit Bonus(const Config& config)
      : Tuned(config, "bonus", 0, 1000, {0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.4, 2, 3, 4},
              "added to the reward of what was never done, as [bonus]"),
        how_(config),
        fade_(config.flag("fade", false, "bonus falls to 0 with the episodes that are left")) {}
  std::unique_ptr<Advisor> advisor(double bonus) const override {
    return std::make_unique<Planner>(bonus, fade_, how_);
  }

 private:
  Planner::How how_;
  bool fade_;
};

const Register<Policy, const MdpShape&> greedy{
    "greedy", "plans with posterior means",
    [](const Config& config, const MdpShape&) { return std::make_unique<PosteriorMean>(config); }};
const Register<Policy, const MdpShape&> bonus{
    "bonus", "plans with posterior means and a bonus for what was seldom done (Kolter & Ng 2009)",
    [](const Config& config, const MdpShape&) { return std::make_unique<Bonus>(config); }};

}  // namespace
}  // namespace attune
