#include "attention/heads.hpp"

#include <algorithm>

namespace attune {

HeadSizes::HeadSizes(const Config& config, std::size_t in, std::size_t default_heads)
    : count(static_cast<std::size_t>(config.integer(
          "heads", static_cast<std::int64_t>(default_heads), {1, 64}, "number of heads"))),
      features(static_cast<std::size_t>(
          config.integer("head_features", 0, {0, 65536},
                         "size of one head; 0: the size of the features / heads, at least 1"))) {
  if (features == 0) features = std::max<std::size_t>(1, in / count);
}

Var split_heads(const Var& x, std::size_t heads) {
  const Shape shape = x.shape();
  const std::size_t rows = shape.back(1), features = shape.back() / heads;
  if (shape.rank() == 2) return permute(reshape(x, {rows, heads, features}), {1, 0, 2});
  return permute(reshape(x, {shape[0], rows, heads, features}), {0, 2, 1, 3});
}

Var join_heads(const Var& x) {
  const Shape shape = x.shape();
  const std::size_t rows = shape.back(1), width = shape.back(2) * shape.back();
  if (shape.rank() == 3) return reshape(permute(x, {1, 0, 2}), {rows, width});
  return reshape(permute(x, {0, 2, 1, 3}), {shape[0], rows, width});
}

}  // namespace attune
