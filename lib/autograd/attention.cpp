#include "array/tiled_attention.hpp"
#include "autograd/ops.hpp"

namespace attune {

namespace {

// The same gradient composed of ops that hold the weights (…,Q,S), so that it has one itself.
Vars composed_grad(const Var& q, const Var& k, const Var& v, Real scale, const Var& g) {
  const Var weights = softmax(matmul(q, k, false, true) * scale);
  const Var slopes = matmul(g, v, false, true);
  const std::size_t last = weights.shape().rank() - 1;
  const Var scores = weights * (slopes - sum(weights * slopes, {last}, true)) * scale;
  return {matmul(scores, k), matmul(scores, q, true), matmul(weights, g, true)};
}

}  // namespace

Var tiled_attention(const Var& q, const Var& k, const Var& v, Real scale) {
  const auto forward = kernel::tiled_attention(q.value(), k.value(), v.value(), scale);
  return record(
      "tiled_attention", forward.output, {q, k, v},
      [q, k, v, scale, log_total = forward.log_total](const Var& out, const Var& g, const Needed&) {
        if (recording()) return composed_grad(q, k, v, scale, g);
        auto [dq, dk, dv] = kernel::tiled_attention_grad(q.value(), k.value(), v.value(), scale,
                                                         {out.value(), log_total}, g.value());
        return Vars{constant(std::move(dq)), constant(std::move(dk)), constant(std::move(dv))};
      });
}

}  // namespace attune
