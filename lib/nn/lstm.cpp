#include "nn/lstm.hpp"

#include <algorithm>

#include "autograd/lstm.hpp"
#include "nn/initialise.hpp"

namespace attune {

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
  const Var state = lstm_gates(projected + matmul(r, params[name_ + ".recurrent"]), c);
  return {slice(state, 1, 0, hidden_), slice(state, 1, hidden_, 2 * hidden_)};
}

Lstm::Lstm(const std::string& name, std::size_t in, std::size_t hidden, Direction direction)
    : cell_(name, in, hidden, hidden), direction_(direction) {}

Lstm::Output Lstm::forward(const Params& params, const Var& x, const Array* present) const {
  check_steps("lstm", x, present);
  const std::size_t batch = x.shape()[0], steps = x.shape()[1], hidden = cell_.hidden();
  const Var nothing = constant(Array::zeros({batch, hidden}));
  const Vars projected = steps_of(cell_.project(params, x));
  Vars each(steps);
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
