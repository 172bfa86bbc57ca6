#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "metric/calibration.hpp"

namespace attune {

// The validation that chose a model's stopping point.
struct Validation {
  std::string metric;    // "loss": the lower the better; all others: the higher
  std::string episodes;  // hash of their file: other episodes, other scores
  double score = 0;
  // All of them: core-seconds of training steps until then, and the score.
  std::vector<std::pair<double, double>> curve = {};
};

// What attune-evaluate's side file says of one file of rows: how long it took, and what
// attune-train said of the model. Whatever older programs did not write is missing.
struct Costs {
  using Number = std::optional<double>;
  // Which rows, and which model, it is of: 16 digits; "" in files of older versions.
  std::string set, model_set;
  Number evaluate_seconds, evaluate_mib;
  Number episode_multiply_adds;  // encoding and answering one episode
  Number answer_multiply_adds;   // of these, all but encoding
  Number train_seconds;          // the search for the stopping point included
  Number train_mib, threads;     // of training
  Number parameters, steps;      // of the final run
  Number step_multiply_adds;     // one training step
  bool own_pool = false;         // tested on the pool that it was trained on
  std::optional<Validation> validation;
  std::optional<Calibration> calibration;  // of all answers on the test
};

// Error for a file that can't be read, is no JSON or holds other types.
Costs read_costs(const std::string& path);

}  // namespace attune
