#pragma once
#include <map>
#include <string>

#include "nn/module.hpp"

namespace attune {

// One array for each weight, zeros at first: an optimiser's moments. Known by `kind` in
// checkpoints: "<kind>.<weight>".
class Moments {
 public:
  explicit Moments(std::string kind) : kind_(std::move(kind)) {}
  // Makes the arrays on first use. Error when what was restored belongs to other weights.
  void prepare(const Params& params);
  Real* of(const std::string& weight) { return arrays_.at(weight).mutable_data(); }
  void save(std::map<std::string, Array>& state) const;
  void restore(const std::map<std::string, Array>& state);  // takes the entries of its kind

 private:
  std::string kind_;
  std::map<std::string, Array> arrays_;
};

// Whether weight decay shrinks it: all but a number by itself, such as the logarithm of a scale, a
// temperature or a ridge, for which 0 is no simpler a value than any other.
inline bool decays(const Array& weight) { return weight.size() > 1; }

// Error unless there is one gradient of each weight's shape.
void check_gradients(const Params& params, const std::vector<Array>& gradients);

}  // namespace attune
