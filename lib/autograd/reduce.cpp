#include <numeric>

#include "array/softmax_grad.hpp"
#include "autograd/ops.hpp"

namespace attune {

namespace {

// x's shape with the axes' extents 1.
Shape kept(const Shape& shape, const std::vector<std::size_t>& axes) {
  Shape result = shape;
  for (const std::size_t axis : axes) result[axis] = 1;
  return result;
}

Var sum_last(const Var& x) { return sum(x, {x.shape().rank() - 1}, true); }

std::size_t rows_of(const Shape& shape) {
  return shape.back() == 0 ? 0 : shape.size() / shape.back();
}

}  // namespace

Var sum(const Var& x) {
  return record("sum", kernel::sum_all(x.value()), {x},
                [shape = x.shape()](const Var&, const Var& g, const Needed&) {
                  return Vars{broadcast_to(g, shape)};
                });
}

Var sum(const Var& x, const std::vector<std::size_t>& axes, bool keep) {
  return record("sum", kernel::sum(x.value(), axes, keep), {x},
                [shape = x.shape(), axes](const Var&, const Var& g, const Needed&) {
                  return Vars{broadcast_to(reshape(g, kept(shape, axes)), shape)};
                });
}

Var mean(const Var& x) { return sum(x) * (Real(1) / static_cast<Real>(x.shape().size())); }

Var mean(const Var& x, const std::vector<std::size_t>& axes, bool keep) {
  std::size_t count = 1;
  for (const std::size_t axis : axes) count *= x.shape()[axis];
  return sum(x, axes, keep) * (Real(1) / static_cast<Real>(count));
}

Var max_last(const Var& x) {
  return record("max_last", kernel::max_last(x.value()), {x},
                [x](const Var&, const Var& g, const Needed&) {
                  const Shape shape = x.shape();
                  const Var rows = reshape(g, {rows_of(shape), 1});
                  const Indices first = kernel::argmax_last(x.value());
                  return Vars{reshape(put_last(rows, first, shape.back()), shape)};
                });
}

Var sum_to(const Var& x, const Shape& shape) {
  return record("sum_to", kernel::sum_to(x.value(), shape), {x},
                [from = x.shape()](const Var&, const Var& g, const Needed&) {
                  return Vars{broadcast_to(g, from)};
                });
}

Var broadcast_to(const Var& x, const Shape& shape) {
  return record("broadcast_to", kernel::broadcast_to(x.value(), shape), {x},
                [from = x.shape()](const Var&, const Var& g, const Needed&) {
                  return Vars{sum_to(g, from)};
                });
}

Var cumsum_last(const Var& x, bool reverse) {
  return record("cumsum_last", kernel::cumsum_last(x.value(), reverse), {x},
                [reverse](const Var&, const Var& g, const Needed&) {
                  return Vars{cumsum_last(g, !reverse)};
                });
}

Var softmax(const Var& x) {
  return record("softmax", kernel::softmax(x.value()), {x},
                [](const Var& out, const Var& g, const Needed&) {
                  if (!recording())
                    return Vars{constant(kernel::softmax_grad(g.value(), out.value()))};
                  const Var part = g * out;
                  return Vars{part - out * sum_last(part)};
                });
}

Var log_softmax(const Var& x) {
  return record(
      "log_softmax", kernel::log_softmax(x.value()), {x},
      [](const Var& out, const Var& g, const Needed&) { return Vars{g - exp(out) * sum_last(g)}; });
}

Var logsumexp(const Var& x) {
  const Array largest = kernel::max_last(x.value());
  const Array terms = kernel::exp(kernel::sub(x.value(), largest));
  const std::vector<std::size_t> last{x.shape().rank() - 1};
  const Array total = kernel::log(kernel::sum(terms, last, true));
  return record("logsumexp", kernel::add(total, largest), {x},
                [x](const Var&, const Var& g, const Needed&) { return Vars{g * softmax(x)}; });
}

}  // namespace attune
