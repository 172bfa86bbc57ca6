#pragma once
#include <string>
#include <vector>

#include "control/environment.hpp"

namespace attune {

// A policy with one free parameter: the number that the configuration gives under `key`, or, where
// it gives none, one of `grid`, chosen on tasks apart from all others.
class Tuned : public Policy {
 public:
  Tuned(const Config& config, const std::string& key, double least, double most,
        std::vector<double> grid, const std::string& doc)
      : grid_(std::move(grid)) {
    given_ = config.reals(key, {}, {least, most}, doc + "; none: tuned on other tasks");
    if (given_.size() > 1)
      throw UsageError(config.origin() + ": " + config.path() + "." + key +
                       ": want one number or none, have " + std::to_string(given_.size()));
  }
  std::vector<double> candidates() const override { return given_.empty() ? grid_ : given_; }

 private:
  std::vector<double> grid_, given_;
};

}  // namespace attune
