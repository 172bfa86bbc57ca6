#include "learner/ridge_system.hpp"

namespace attune {

Var ridge_system(const Var& x, const Var& log_lambda, bool by_items) {
  const Var lambda = exp(log_lambda) + sum(square(x)) * Real(1e-5);
  const Var gram = matmul(x, x, !by_items, by_items);
  const std::size_t size = gram.shape()[0];
  Array identity = Array::zeros({size, size});
  for (std::size_t i = 0; i < size; ++i) identity.mutable_data()[i * size + i] = 1;
  return gram + constant(std::move(identity)) * lambda;
}

}  // namespace attune
