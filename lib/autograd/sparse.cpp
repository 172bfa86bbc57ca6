#include "array/sparse.hpp"

#include "autograd/ops.hpp"

namespace attune {

namespace {

std::vector<std::size_t> last_axis(const Array& x) { return {x.rank() - 1}; }

// 1 where the weight is positive: constant in a neighbourhood of almost every x.
Array support_of(const Array& weights) { return kernel::greater(weights, Array::scalar(0)); }

}  // namespace

// Jacobian diag(s) − ssᵀ/|s| with s the support (Martins & Astudillo 2016, §2.5): linear in g
// and locally constant in x.
Var sparsemax(const Var& x) {
  return record("sparsemax", kernel::sparsemax(x.value()), {x},
                [](const Var& out, const Var& g, const Needed&) {
                  const Array support = support_of(out.value());
                  const std::vector<std::size_t> last = last_axis(support);
                  const Array count =
                      kernel::maximum(kernel::sum(support, last, true), Array::scalar(1));
                  const Var part = g * constant(support);
                  const Var shared = sum(part, last, true) / constant(count);
                  return Vars{part - constant(support) * shared};
                });
}

// Jacobian diag(r) − rrᵀ/Σr with r = √p (Peters et al. 2019, §3), and r = x/2 − τ on the support
// is smooth there, so that the pullback's own derivative is exact.
Var entmax15(const Var& x) {
  return record("entmax15", kernel::entmax15(x.value()), {x},
                [](const Var& out, const Var& g, const Needed&) {
                  const Array support = support_of(out.value());
                  const std::vector<std::size_t> last = last_axis(support);
                  const Array empty =
                      kernel::equal(kernel::sum(support, last, true), Array::scalar(0));
                  // √ only where its slope is finite.
                  const Var root = sqrt(where(support, out, constant(Real(1)))) * constant(support);
                  const Var part = g * root;
                  const Var total = sum(root, last, true) + constant(empty);
                  return Vars{part - root * (sum(part, last, true) / total)};
                });
}

}  // namespace attune
