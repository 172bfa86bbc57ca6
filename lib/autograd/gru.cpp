#include "array/gru.hpp"

#include "autograd/gru.hpp"

namespace attune {
namespace {

// The same gradient composed of ops that have one themselves.
Vars composed_grad(const Var& projected, const Var& recurrent, const Var& bias, const Var& h,
                   const Var& g) {
  const std::size_t hidden = h.shape()[1], gates = 2 * hidden, all = 3 * hidden;
  const Var open = sigmoid(slice(projected, 1, 0, gates) + slice(recurrent, 1, 0, gates));
  const Var r = slice(open, 1, 0, hidden), z = slice(open, 1, hidden, gates);
  const Var u = slice(recurrent, 1, gates, all) + bias;
  const Var n = tanh(slice(projected, 1, gates, all) + r * u);
  const Var kept = g * z, fresh = g - kept;
  const Var slope = fresh - fresh * square(n), inner = slope * r;
  const Var part_r = slope * u * r, part_z = g * (h - n) * z;
  const Var gate_r = part_r - part_r * r, gate_z = part_z - part_z * z;
  return {concat({gate_r, gate_z, slope}, 1), concat({gate_r, gate_z, inner}, 1), sum(inner, {0}),
          kept};
}

}  // namespace

Var gru_gates(const Var& projected, const Var& recurrent, const Var& bias, const Var& h) {
  auto forward = kernel::gru_gates(projected.value(), recurrent.value(), bias.value(), h.value());
  return record("gru_gates", std::move(forward.next), {projected, recurrent, bias, h},
                [projected, recurrent, bias, h, gates = std::move(forward.gates)](
                    const Var&, const Var& g, const Needed&) {
                  if (recording()) return composed_grad(projected, recurrent, bias, h, g);
                  auto [dp, dr, db, dh] = kernel::gru_gates_grad(gates, h.value(), g.value());
                  return Vars{constant(std::move(dp)), constant(std::move(dr)),
                              constant(std::move(db)), constant(std::move(dh))};
                });
}

}  // namespace attune
