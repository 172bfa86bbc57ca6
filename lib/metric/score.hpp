#pragma once
#include <string>
#include <vector>

namespace attune {

// How a score of one episode is told in tables. In all of them higher is better.
struct ScoreKind {
  std::string name;        // column of the rows: "accuracy"
  std::string noun;        // "Accuracy"
  std::string title;       // what a table's first note calls it: "Accuracy in percent"
  std::string difference;  // and a table of pairs: "in percentage points"
  std::string axis;        // of a plot: "accuracy, %"
  double factor = 1;       // shown = factor · score
  double least, most;      // the score's range
  int decimals = 2;        // for people
};

// "accuracy", "exact_match" (fractions, shown in percent), "chrf" (0…100) and "reward" (sum over an
// episode). Null for another name.
const ScoreKind* find_score_kind(const std::string& name);
const std::vector<std::string>& score_names();

}  // namespace attune
