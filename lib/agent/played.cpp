#include "agent/played.hpp"

#include "agent/rollout.hpp"

namespace attune {
namespace {

class Played : public Evaluator {
 public:
  Played(std::shared_ptr<const ActorCritic> agent, std::shared_ptr<const Environment> environment,
         std::shared_ptr<const Tasks> tasks, Params params, std::uint64_t seed, bool sampled)
      : agent_(std::move(agent)),
        environment_(std::move(environment)),
        tasks_(std::move(tasks)),
        params_(std::move(params)),
        seed_(seed),
        sampled_(sampled) {}
  std::vector<Scores> operator()(std::span<const std::uint64_t> numbers) override {
    return reward_scores(play(*agent_, params_, *environment_, *tasks_, numbers, seed_, sampled_));
  }

 private:
  std::shared_ptr<const ActorCritic> agent_;
  std::shared_ptr<const Environment> environment_;
  std::shared_ptr<const Tasks> tasks_;
  Params params_;
  std::uint64_t seed_;
  bool sampled_;
};

}  // namespace

std::unique_ptr<Evaluator> played(std::shared_ptr<const ActorCritic> agent,
                                  std::shared_ptr<const Environment> environment,
                                  std::shared_ptr<const Tasks> tasks, const Params& params,
                                  std::uint64_t seed, bool sampled) {
  return std::make_unique<Played>(std::move(agent), std::move(environment), std::move(tasks),
                                  params, seed, sampled);
}

std::vector<Scores> reward_scores(const std::vector<double>& totals) {
  std::vector<Scores> scores;
  for (const double total : totals) scores.push_back({{"reward", total}});
  return scores;
}

}  // namespace attune
