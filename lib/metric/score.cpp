#include "metric/score.hpp"

#include <algorithm>
#include <limits>

namespace attune {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max();

const std::vector<ScoreKind>& kinds() {
  static const std::vector<ScoreKind> all = {
      {"accuracy", "Accuracy", "Accuracy in percent", "in percentage points", "accuracy, %", 100, 0,
       1, 2},
      {"exact_match", "Exact match", "Exact match in percent", "in percentage points",
       "exact match, %", 100, 0, 1, 2},
      {"chrf", "chrF", "chrF, 0 to 100", "in points of chrF", "chrF", 1, 0, 100, 2},
      {"reward", "Reward", "Sum of the rewards of an episode", "in reward per episode", "reward", 1,
       -kLargest, kLargest, 3}};
  return all;
}

}  // namespace

const ScoreKind* find_score_kind(const std::string& name) {
  const auto found = std::ranges::find(kinds(), name, &ScoreKind::name);
  return found == kinds().end() ? nullptr : &*found;
}

const std::vector<std::string>& score_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const ScoreKind& kind : kinds()) list.push_back(kind.name);
    return list;
  }();
  return names;
}

}  // namespace attune
