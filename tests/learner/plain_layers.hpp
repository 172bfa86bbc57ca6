#pragma once
// Layers one row at a time, in plain loops, for tests of learners.
#include <algorithm>
#include <cmath>
#include <vector>

#include "learner/few_shot.hpp"

namespace attune::plain {

using Row = std::vector<double>;

inline Row row_of(const Array& x, std::size_t i) {
  const Real* begin = x.data() + i * x.dim(1);
  return Row(begin, begin + x.dim(1));
}

// x·W, plus the bias where there is one.
inline Row linear(const FreshLearner& fresh, const std::string& name, const Row& x) {
  const Array w = fresh.params[name + ".weight"].value();
  Row y(w.dim(1));
  if (fresh.params.has(name + ".bias"))
    y = row_of(fresh.params[name + ".bias"].value().reshaped({1, w.dim(1)}), 0);
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j) y[j] += x[i] * double(w.data()[i * w.dim(1) + j]);
  return y;
}

// `slope` times what is below 0.
inline Row relu(Row x, double slope = 0) {
  for (double& value : x) value = value > 0 ? value : slope * value;
  return x;
}

inline Row plus(Row a, const Row& b, double factor = 1) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
  return a;
}

inline Row joined(Row a, const Row& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Batch-norm in evaluation with new weights and buffers: mean 0, variance 1, gamma 1, beta 0.
inline Row fresh_norm(Row x) {
  for (double& value : x) value /= std::sqrt(1 + 1e-5);
  return x;
}

}  // namespace attune::plain
