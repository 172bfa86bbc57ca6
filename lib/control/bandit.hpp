#pragma once
#include "control/environment.hpp"

namespace attune {

// Bernoulli bandits: each of k arms pays 1 with a probability of its own, drawn from U[0,1], else
// 0; a trial is n pulls, and n is known (Duan et al. 2016, §3.2; Mishra et al. 2018, §5.2).
struct BanditShape {
  std::uint32_t arms = 5, pulls = 10;
};

// One bandit while it is played. The m-th pull of an arm pays the same whoever makes it, and when:
// then paired differences between agents are small.
class BanditTrial : public Trial {
 public:
  BanditTrial(BanditShape shape, std::span<const float> arms, const Rng& tape,
              std::uint64_t number);
  double act(std::uint32_t arm) override;
  // The arm that was pulled last as one of k, what it paid, whether there was one, and the share of
  // pulls done: k + 3.
  void observe(std::span<float> features) const override;
  std::size_t step() const override { return step_; }

  const BanditShape& shape() const { return shape_; }
  std::span<const std::uint32_t> wins() const { return wins_; }      // of each arm
  std::span<const std::uint32_t> losses() const { return losses_; }  // pulls that paid 0
  std::uint32_t left() const { return shape_.pulls - step_; }
  // Of Beta(1 + wins, 1 + losses), what is believed of the arm.
  double posterior_mean(std::size_t arm) const;

 private:
  BanditShape shape_;
  std::vector<float> arms_;
  std::vector<std::uint32_t> wins_, losses_;
  Rng tape_;
  std::uint64_t number_;
  std::uint32_t step_ = 0, last_arm_ = 0, last_reward_ = 0;
};

// Policies of bandits; Args: the shape. One file each.
using BanditPolicyRegistry = Registry<Policy, const BanditShape&>;

// An advisor of a bandit that keeps no notes.
class BanditAdvisor : public Advisor {
 public:
  void scores(const Trial& trial, Rng& rng, std::span<double> out) final {
    score_arms(static_cast<const BanditTrial&>(trial), rng, out);
  }
  virtual void score_arms(const BanditTrial& trial, Rng& rng, std::span<double> out) const = 0;
};

}  // namespace attune
