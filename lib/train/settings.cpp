#include "train/settings.hpp"

#include "nn/optimiser.hpp"

namespace attune {
namespace {

std::size_t count(const Config& node, std::string_view key, std::int64_t fallback, std::int64_t min,
                  std::string_view doc) {
  return static_cast<std::size_t>(node.integer(key, fallback, {min, 1'000'000'000}, doc));
}

}  // namespace

TrainSettings::TrainSettings(const Config& train, const std::string& usual)
    : steps(count(train, "steps", 1000, 0, "meta-batches of the whole schedule")),
      stop(count(train, "stop", 0, 0, "end after so many steps of the schedule, 0 = all")),
      batch(count(train, "batch", 1, 1, "episodes per meta-batch")),
      validate_every(count(train, "validate_every", 250, 1, "steps between validations")),
      log_every(count(train, "log_every", 50, 1, "steps between log lines")),
      learning_rate(train.real("learning_rate", 1e-3, {0, 1e6}, "base rate of the optimiser")),
      clip(train.real("clip", 0, {0, 1e9}, "largest joint norm of the gradients, 0 = off")),
      average(train.real("average", 0, {0, 0.999999},
                         "decay of the weight average that is validated and kept, 0 = off")),
      momentum(train.real("momentum", 0.1, {0, 1}, "weight of a new batch in running statistics")),
      metric(train.text(
          "metric", usual,
          "validation score that chooses the stopping point: the highest, of loss the lowest")),
      optimiser(train.child("optimiser")),
      schedule(train.child("schedule")) {
  if (stop == 0 || stop > steps) stop = steps;
  // Built once here so that a wrong key is refused before any data is read.
  OptimiserRegistry::make(optimiser, "adam");
  ScheduleRegistry::make(schedule, "cosine");
}

}  // namespace attune
