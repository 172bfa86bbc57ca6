#include "autograd/ops.hpp"
#include "autograd/pick.hpp"

namespace attune {

namespace {

// (…,M,K) → (…·M,K)
Var as_rows(const Var& x) {
  const std::size_t width = x.shape().back();
  return reshape(x, {width == 0 ? 0 : x.shape().size() / width, width});
}

// ∂/∂a of op(a)·op(b).
Var left_grad(const Var& g, const Var& b, bool trans_a, bool trans_b) {
  if (!trans_a) return matmul(g, b, false, !trans_b);
  // b on the left of the product cannot be shared by all leading dims.
  if (b.shape().rank() < g.shape().rank()) return transpose(matmul(g, b, false, !trans_b));
  return matmul(b, g, trans_b, true);
}

// ∂/∂b of op(a)·op(b).
Var right_grad(const Var& g, const Var& a, bool trans_a, bool trans_b, bool shared) {
  if (shared) {
    const Var rows = as_rows(trans_a ? transpose(a) : a);
    return trans_b ? matmul(as_rows(g), rows, true, false) : matmul(rows, as_rows(g), true, false);
  }
  return trans_b ? matmul(g, a, true, trans_a) : matmul(a, g, !trans_a, false);
}

}  // namespace

Var matmul(const Var& a, const Var& b, bool trans_a, bool trans_b) {
  return record("matmul", kernel::matmul(a.value(), b.value(), trans_a, trans_b), {a, b},
                [a, b, trans_a, trans_b](const Var&, const Var& g, const Needed& needed) {
                  const bool shared = b.shape().rank() < a.shape().rank();
                  return Vars{needed[0] ? left_grad(g, b, trans_a, trans_b) : Var(),
                              needed[1] ? right_grad(g, a, trans_a, trans_b, shared) : Var()};
                });
}

Var affine(const Var& x, const Var& w, const Var& b, bool relu) {
  return record("affine", kernel::affine(x.value(), w.value(), b.value(), relu), {x, w, b},
                [x, w, relu](const Var& out, const Var& g, const Needed& needed) {
                  const Var inner = relu ? pass_positive(g, out) : g;
                  const bool shared = w.shape().rank() < x.shape().rank();
                  return Vars{needed[0] ? left_grad(inner, w, false, false) : Var(),
                              needed[1] ? right_grad(inner, x, false, false, shared) : Var(),
                              inner};
                });
}

// x = a⁻¹b: ∂/∂b = a⁻¹g, ∂/∂a = −(a⁻¹g)xᵀ.
Var solve(const Var& a, const Var& b) {
  return record("solve", kernel::solve(a.value(), b.value()), {a, b},
                [a](const Var& out, const Var& g, const Needed& needed) {
                  const Var to_b = solve(a, g);
                  return Vars{needed[0] ? -matmul(to_b, out, false, true) : Var(), to_b};
                });
}

}  // namespace attune
