#pragma once
#include "control/environment.hpp"

namespace attune {

// Tabular decision processes: mean rewards ~ N(1,1) with noise N(0,1), transitions ~
// Dirichlet(1…1), n episodes of T steps, each from state 0 (Duan et al. 2016, §3.2; Osband et al.
// 2013).
struct MdpShape {
  std::uint32_t states = 10, actions = 5, horizon = 10, episodes = 10;
  std::size_t pairs() const { return std::size_t{states} * actions; }
  std::size_t steps() const { return std::size_t{horizon} * episodes; }
};

// A process, known or believed: transition (S,A,S), rows summing to 1; mean reward (S,A).
template <typename Number>
struct MdpModel {
  std::vector<Number> transition, reward;
};

// What the best actions are worth: plan(model, h) (h,S,A) holds in row i the largest mean sum of
// rewards of i + 1 steps that begin with this action. Value iteration.
std::vector<double> plan(const MdpShape& shape, const MdpModel<double>& model, std::size_t horizon);
MdpModel<double> in_double(const MdpModel<float>& model);

// One process while it is played, with what was seen of it. The m-th time an action is taken in a
// state it has the same outcome whoever takes it, and when.
class MdpTrial : public Trial {
 public:
  MdpTrial(MdpShape shape, MdpModel<float> model, const Rng& tape, std::uint64_t number);
  double act(std::uint32_t action) override;
  // State, last state and last action as one of S, S and A, the last reward, whether an episode
  // begins, the shares done of the episode and of the trial: 2·S + A + 4. What Duan et al. show,
  // and the last state, which they leave to the agent's memory, so that one step tells one
  // transition.
  void observe(std::span<float> features) const override;
  std::size_t step() const override { return step_; }
  std::optional<std::uint32_t> place() const override { return state_; }
  bool begins() const override { return step_ % shape_.horizon == 0; }

  const MdpShape& shape() const { return shape_; }
  const MdpModel<float>& model() const { return model_; }  // for who may know it
  std::uint32_t state() const { return state_; }
  std::size_t episode() const { return step_ / shape_.horizon; }
  std::size_t left_in_episode() const { return shape_.horizon - step_ % shape_.horizon; }
  std::span<const std::uint32_t> visits() const { return visits_; }      // (S,A)
  std::span<const std::uint32_t> arrivals() const { return arrivals_; }  // (S,A,S)
  std::span<const double> reward_sum() const { return reward_sum_; }     // (S,A)

 private:
  MdpShape shape_;
  MdpModel<float> model_;
  std::vector<std::uint32_t> visits_, arrivals_;
  std::vector<double> reward_sum_;
  Rng tape_;
  std::uint64_t number_;
  std::uint32_t state_ = 0, last_state_ = 0, last_action_ = 0;
  double last_reward_ = 0;
  std::size_t step_ = 0;
};

// What is believed: posterior means, under the priors that the processes are drawn from.
MdpModel<double> posterior_mean(const MdpTrial& trial);

// Policies of decision processes; Args: the shape. One file each.
using MdpPolicyRegistry = Registry<Policy, const MdpShape&>;

// Plans, then takes the best action of the plan.
class MdpPlanner : public Advisor {
 public:
  // Plans anew at the start of each episode, or before every step. Of equal actions the first, the
  // same all through the plan, or one drawn at each step, which explores by chance.
  explicit MdpPlanner(bool every_step = false, bool draws_ties = false)
      : every_step_(every_step), draws_ties_(draws_ties) {}
  void scores(const Trial& trial, Rng& rng, std::span<double> out) final;

 private:
  virtual MdpModel<double> believed(const MdpTrial& trial, Rng& rng) const = 0;
  bool every_step_, draws_ties_;
  std::vector<double> plan_;
};

}  // namespace attune
