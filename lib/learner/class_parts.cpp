#include "learner/class_parts.hpp"

namespace attune {
namespace {

Var combine(const Array& members, const Var& x) {
  Shape shape = x.shape();
  const std::size_t items = shape[0];
  const Var rows = reshape(x, {items, items == 0 ? 0 : shape.size() / items});
  shape[0] = members.dim(1);
  return reshape(matmul(constant(members), rows, true, false), shape);
}

}  // namespace

Var class_sums(const Support& support, const Var& x) {
  return combine(one_hot(support.labels, support.ways), x);
}

Var class_means(const Support& support, const Var& x) {
  const Array members = one_hot(support.labels, support.ways);
  const std::size_t items[] = {0};
  return combine(kernel::div(members, kernel::sum(members, items, true)), x);
}

}  // namespace attune
