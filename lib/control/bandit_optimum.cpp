#include "control/bandit_optimum.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "base/error.hpp"
#include "control/bandit.hpp"
#include "control/lazy.hpp"

namespace attune {

BanditOptimum::BanditOptimum(std::uint32_t arms, std::uint32_t pulls) : arms_(arms), pulls_(pulls) {
  check_pulls(pulls);
  // More arms than pulls can't all be tried.
  value_ = solve(State(std::min(arms, pulls), code(0, 0)), pulls);
}

void BanditOptimum::check_pulls(std::uint32_t pulls) {
  constexpr std::uint32_t kMost = 200;  // whose codes fit
  if (pulls > kMost)
    throw UsageError("bandit optimum: want at most 200 pulls, have " + std::to_string(pulls));
}

double BanditOptimum::solve(State state, std::uint32_t left) {
  constexpr std::size_t kMost = 2'000'000;
  if (left == 0) return 0;
  if (const auto known = nodes_.find(state); known != nodes_.end()) return known->second.value;
  if (nodes_.size() > kMost)
    throw UsageError("bandit optimum: want at most 2,000,000 states, have more with " +
                     std::to_string(arms_) + " arms and " + std::to_string(pulls_) + " pulls");
  Node node;
  node.actions.resize(state.size());
  for (std::size_t i = 0; i < state.size(); ++i) {
    if (i > 0 && state[i] == state[i - 1]) {
      node.actions[i] = node.actions[i - 1];
      continue;
    }
    const std::uint32_t wins = state[i] / (pulls_ + 1), losses = state[i] % (pulls_ + 1);
    const double p = (1.0 + wins) / (2.0 + wins + losses);
    const auto after = [&](char16_t arm) {
      State next = state;
      next[i] = arm;
      std::ranges::sort(next, std::greater<>());
      return solve(std::move(next), left - 1);
    };
    node.actions[i] =
        p * (1 + after(code(wins + 1, losses))) + (1 - p) * after(code(wins, losses + 1));
  }
  node.value = *std::ranges::max_element(node.actions);
  const double value = node.value;
  nodes_.emplace(std::move(state), std::move(node));
  return value;
}

void BanditOptimum::values(std::span<const std::uint32_t> wins,
                           std::span<const std::uint32_t> losses, std::span<double> out) const {
  std::vector<std::uint32_t> order(arms_);
  std::iota(order.begin(), order.end(), 0);
  const auto code_of = [&](std::uint32_t arm) { return code(wins[arm], losses[arm]); };
  std::ranges::sort(order, std::greater<>(), code_of);
  State state;
  for (std::size_t i = 0; i < std::min(arms_, pulls_); ++i) state.push_back(code_of(order[i]));
  const Node& node = nodes_.at(state);
  // Arms beyond the state's are untouched, as its last one then is.
  for (std::size_t i = 0; i < order.size(); ++i)
    out[order[i]] = node.actions[std::min(i, state.size() - 1)];
}

namespace {

class Optimal : public Policy {
 public:
  explicit Optimal(const BanditShape& shape) : shape_(shape) {}
  std::unique_ptr<Advisor> advisor(double) const override {
    return std::make_unique<Exact>(optimum_.get(
        [this] { return std::make_shared<BanditOptimum>(shape_.arms, shape_.pulls); }));
  }

 private:
  struct Exact : BanditAdvisor {
    explicit Exact(std::shared_ptr<const BanditOptimum> of) : optimum(std::move(of)) {}
    void score_arms(const BanditTrial& trial, Rng&, std::span<double> out) const override {
      optimum->values(trial.wins(), trial.losses(), out);
    }
    std::shared_ptr<const BanditOptimum> optimum;
  };
  BanditShape shape_;
  Lazy<BanditOptimum> optimum_;
};

const Register<Policy, const BanditShape&> part{
    "optimal", "Bayes-optimal, by dynamic programming: few pulls only",
    [](const Config&, const BanditShape& shape) {
      BanditOptimum::check_pulls(shape.pulls);
      return std::make_unique<Optimal>(shape);
    }};

}  // namespace
}  // namespace attune
