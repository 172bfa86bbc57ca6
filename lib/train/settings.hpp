#pragma once
#include <cstdint>
#include <string>

#include "base/config.hpp"

namespace attune {

// The "train" node of a configuration, read and checked.
struct TrainSettings {
  std::size_t steps;           // meta-batches of the whole schedule
  std::size_t stop;            // end after so many of them; the schedule stays that of `steps`
  std::size_t batch;           // episodes per meta-batch
  std::size_t validate_every;  // steps between validations
  std::size_t log_every;       // steps between log lines
  double learning_rate;
  double clip;      // largest joint norm of the gradients, 0 = off
  double average;   // decay of the weight average that is validated and kept, 0 = off
  double momentum;  // of running statistics
  // Validation score that chooses the stopping point: the highest, of "loss" the lowest.
  std::string metric;
  Config optimiser, schedule;

  // `usual`: the metric of a configuration that names none.
  explicit TrainSettings(const Config& train, const std::string& usual = "accuracy");
};

}  // namespace attune
