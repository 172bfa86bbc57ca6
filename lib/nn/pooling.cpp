#include "nn/pooling.hpp"

namespace attune {

void MaxPool::init(Params&, Rng&) const {}

Var MaxPool::forward(const Params&, const Var& x, Context&) const { return max_pool(x, k_); }

void AveragePool::init(Params&, Rng&) const {}

Var AveragePool::forward(const Params&, const Var& x, Context&) const { return avg_pool(x, k_); }

void GlobalAveragePool::init(Params&, Rng&) const {}

Var GlobalAveragePool::forward(const Params&, const Var& x, Context&) const {
  const Var pooled = mean(x, {2, 3});
  const std::size_t images = x.shape()[0];
  return reshape(pooled, {images, pooled.shape().size() / images});
}

}  // namespace attune
