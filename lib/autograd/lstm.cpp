#include "autograd/lstm.hpp"

#include "array/lstm.hpp"

namespace attune {
namespace {

// The same gradient composed of ops that have one themselves.
Vars composed_grad(const Var& z, const Var& c, const Var& slope) {
  const std::size_t hidden = c.shape()[1];
  const auto part = [hidden](const Var& all, std::size_t k) {
    return slice(all, 1, k * hidden, (k + 1) * hidden);
  };
  const Var i = sigmoid(part(z, 0)), f = sigmoid(part(z, 1)), g = tanh(part(z, 2)),
            o = sigmoid(part(z, 3));
  const Var seen = tanh(f * c + i * g), dh = part(slope, 0), through = dh * o;
  const Var next = part(slope, 1) + through - through * square(seen);
  const Var fresh = next * i;
  return {concat({next * g * (i - square(i)), next * c * (f - square(f)), fresh - fresh * square(g),
                  dh * seen * (o - square(o))},
                 1),
          next * f};
}

}  // namespace

Var lstm_gates(const Var& z, const Var& c) {
  auto forward = kernel::lstm_gates(z.value(), c.value());
  return record(
      "lstm_gates", std::move(forward.state), {z, c},
      [z, c, gates = std::move(forward.gates)](const Var&, const Var& slope, const Needed&) {
        if (recording()) return composed_grad(z, c, slope);
        auto [dz, dc] = kernel::lstm_gates_grad(gates, c.value(), slope.value());
        return Vars{constant(std::move(dz)), constant(std::move(dc))};
      });
}

}  // namespace attune
