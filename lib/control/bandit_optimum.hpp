#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace attune {

// The Bayes-optimal play of a Bernoulli bandit with uniform priors: dynamic programming over the
// multisets of the arms' (wins, losses). Exact; for few pulls only: UsageError when there are more
// than two million of them.
class BanditOptimum {
 public:
  BanditOptimum(std::uint32_t arms, std::uint32_t pulls);
  static void check_pulls(std::uint32_t pulls);  // UsageError above 200
  double value() const { return value_; }        // largest mean sum of rewards
  std::size_t states() const { return nodes_.size(); }
  // What pulling each arm and optimal play after it is worth from here on.
  void values(std::span<const std::uint32_t> wins, std::span<const std::uint32_t> losses,
              std::span<double> out) const;

 private:
  using State = std::basic_string<char16_t>;  // wins·(pulls+1) + losses of each arm, descending
  struct Node {
    double value = 0;
    std::vector<double> actions;  // of each place of the state
  };
  double solve(State state, std::uint32_t left);
  char16_t code(std::uint32_t wins, std::uint32_t losses) const {
    return static_cast<char16_t>(wins * (pulls_ + 1) + losses);
  }

  std::uint32_t arms_, pulls_;
  std::unordered_map<State, Node> nodes_;
  double value_ = 0;
};

}  // namespace attune
