#include "array/gru.hpp"

#include <memory>
#include <optional>

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

namespace {

Var step_of(const Var& all, std::size_t t) {
  return reshape(slice(all, 1, t, t + 1), {all.shape()[0], all.shape()[2]});
}

Vars composed_grad(const Var& projected, const Var& recurrent, const Var& bias, const Var& start,
                   bool back, const Array* present, const Var& g) {
  const std::size_t steps = g.shape()[1];
  const auto place = [=](std::size_t i) { return back ? steps - 1 - i : i; };
  // One of two where the step is, the other elsewhere.
  const auto pick = [&](std::size_t i, const Var& there, const Var& elsewhere) {
    return present ? where(kernel::slice(*present, 1, place(i), place(i) + 1), there, elsewhere)
                   : there;
  };
  Vars h{start}, slopes(steps);
  for (std::size_t i = 0; i + 1 < steps; ++i)
    h.push_back(pick(
        i, gru_gates(step_of(projected, place(i)), matmul(h[i], recurrent), bias, h[i]), h[i]));
  const Var none = constant(Array::zeros(start.shape()));
  Var later = none, weight = constant(Array::zeros(recurrent.shape()));
  Var offset = constant(Array::zeros(bias.shape()));
  for (std::size_t i = steps; i-- > 0;) {
    const Vars step = composed_grad(step_of(projected, place(i)), matmul(h[i], recurrent), bias,
                                    h[i], pick(i, step_of(g, place(i)) + later, none));
    slopes[place(i)] = reshape(step[0], {start.shape()[0], 1, projected.shape()[2]});
    weight = weight + matmul(h[i], step[1], true);
    offset = offset + step[2];
    later = pick(i, step[3], later) + matmul(step[1], recurrent, false, true);
  }
  return {concat(slopes, 1), weight, offset, later};
}

}  // namespace

Var gru_sequence(const Var& projected, const Var& recurrent, const Var& bias, const Var& start,
                 bool back, const Array* present) {
  auto forward = std::make_shared<kernel::GruSequence>(kernel::gru_sequence(
      projected.value(), recurrent.value(), bias.value(), start.value(), back, present));
  Array each = std::move(forward->each);
  const std::optional<Array> mask = present ? std::optional<Array>(*present) : std::nullopt;
  return record("gru_sequence", std::move(each), {projected, recurrent, bias, start},
                [projected, recurrent, bias, start, back, mask, forward](const Var&, const Var& g,
                                                                         const Needed&) {
                  const Array* const at = mask ? &*mask : nullptr;
                  if (recording())
                    return composed_grad(projected, recurrent, bias, start, back, at, g);
                  auto [dp, dr, db, dh] =
                      kernel::gru_sequence_grad(*forward, recurrent.value(), g.value(), back, at);
                  return Vars{constant(std::move(dp)), constant(std::move(dr)),
                              constant(std::move(db)), constant(std::move(dh))};
                });
}

}  // namespace attune
