#include "nn/lstm.hpp"

#include <algorithm>

#include "nn/initialise.hpp"

namespace attune {
namespace {

// The steps begin…end of x (B,T,F) as (B,F) each. Halved again and again: the gradients of T direct
// slices would each be as large as x.
void unstack(const Var& x, std::size_t begin, std::size_t end, Vars& out) {
  if (end - begin == 1) {
    out.push_back(reshape(x, {x.shape()[0], x.shape()[2]}));
    return;
  }
  const std::size_t half = (end - begin) / 2;
  unstack(slice(x, 1, 0, half), begin, begin + half, out);
  unstack(slice(x, 1, half, end - begin), begin + half, end, out);
}

// Column t of (B,T) as (B,1).
Array column(const Array& present, std::size_t t) { return kernel::slice(present, 1, t, t + 1); }

}  // namespace

LstmCell::LstmCell(std::string name, std::size_t in, std::size_t hidden, std::size_t recurrent)
    : name_(std::move(name)), in_(in), hidden_(hidden), recurrent_(recurrent) {}

void LstmCell::init(Params& params, Rng& rng) const {
  Rng own = rng.fork(name_);
  params.add(name_ + ".input", glorot_uniform({in_, 4 * hidden_}, in_, hidden_, own));
  params.add(name_ + ".recurrent",
             glorot_uniform({recurrent_, 4 * hidden_}, recurrent_, hidden_, own));
  Array bias = Array::zeros({4 * hidden_});
  std::fill_n(bias.mutable_data() + hidden_, hidden_, Real(1));
  params.add(name_ + ".bias", std::move(bias));
}

Var LstmCell::project(const Params& params, const Var& x) const {
  return matmul(x, params[name_ + ".input"]) + params[name_ + ".bias"];
}

LstmState LstmCell::step(const Params& params, const Var& projected, const Var& r,
                         const Var& c) const {
  const Var z = projected + matmul(r, params[name_ + ".recurrent"]);
  const auto gate = [&](std::size_t i) { return slice(z, 1, i * hidden_, (i + 1) * hidden_); };
  const Var next = sigmoid(gate(1)) * c + sigmoid(gate(0)) * tanh(gate(2));
  return {sigmoid(gate(3)) * tanh(next), next};
}

Lstm::Lstm(const std::string& name, std::size_t in, std::size_t hidden, Direction direction)
    : cell_(name, in, hidden, hidden), direction_(direction) {}

Lstm::Output Lstm::forward(const Params& params, const Var& x, const Array* present) const {
  const std::size_t batch = x.shape()[0], steps = x.shape()[1], hidden = cell_.hidden();
  if (steps == 0) throw Error("lstm: want at least one step, have " + x.shape().text());
  if (present && !(present->shape() == Shape{batch, steps}))
    throw Error("lstm: present: want shape " + Shape{batch, steps}.text() + ", have " +
                present->shape().text());
  const Var nothing = constant(Array::zeros({batch, hidden}));
  Vars projected, each(steps);
  unstack(cell_.project(params, x), 0, steps, projected);
  LstmState state{nothing, nothing};
  for (std::size_t i = 0; i < steps; ++i) {
    const std::size_t t = direction_ == Direction::forward ? i : steps - 1 - i;
    const LstmState next = cell_.step(params, projected[t], state.h, state.c);
    Var out = next.h;
    if (present) {
      const Array here = column(*present, t);
      state = {where(here, next.h, state.h), where(here, next.c, state.c)};
      out = where(here, next.h, nothing);
    } else {
      state = next;
    }
    each[t] = reshape(out, {batch, 1, hidden});
  }
  return {concat(each, 1), state};
}

}  // namespace attune
