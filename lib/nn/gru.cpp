#include "nn/gru.hpp"

#include "autograd/gru.hpp"
#include "nn/initialise.hpp"

namespace attune {

GruCell::GruCell(std::string name, std::size_t in, std::size_t hidden)
    : name_(std::move(name)), in_(in), hidden_(hidden) {}

void GruCell::init(Params& params, Rng& rng) const {
  Rng own = rng.fork(name_);
  params.add(name_ + ".input", glorot_uniform({in_, 3 * hidden_}, in_, hidden_, own));
  params.add(name_ + ".recurrent", glorot_uniform({hidden_, 3 * hidden_}, hidden_, hidden_, own));
  params.add(name_ + ".bias", Array::zeros({3 * hidden_}));
  params.add(name_ + ".candidate_bias", Array::zeros({hidden_}));
}

Var GruCell::project(const Params& params, const Var& x) const {
  return matmul(x, params[name_ + ".input"]) + params[name_ + ".bias"];
}

Var GruCell::step(const Params& params, const Var& projected, const Var& h) const {
  return gru_gates(projected, matmul(h, params[name_ + ".recurrent"]),
                   params[name_ + ".candidate_bias"], h);
}

Var GruCell::sequence(const Params& params, const Var& projected, const Var& start,
                      bool back) const {
  return gru_sequence(projected, params[name_ + ".recurrent"], params[name_ + ".candidate_bias"],
                      start, back);
}

Gru::Gru(const std::string& name, std::size_t in, std::size_t hidden, Direction direction)
    : cell_(name, in, hidden), direction_(direction) {}

Gru::Output Gru::forward(const Params& params, const Var& x, const Array* present,
                         const Var* start) const {
  check_steps("gru", x, present);
  const std::size_t batch = x.shape()[0], steps = x.shape()[1], hidden = cell_.hidden();
  const Var nothing = constant(Array::zeros({batch, hidden}));
  if (!present) {
    const bool back = direction_ == Direction::backward;
    const Var each =
        cell_.sequence(params, cell_.project(params, x), start ? *start : nothing, back);
    const std::size_t end = back ? 0 : steps - 1;
    return {each, reshape(slice(each, 1, end, end + 1), {batch, hidden})};
  }
  const Vars projected = steps_of(cell_.project(params, x));
  Vars each(steps);
  Var h = start ? *start : nothing;
  for (std::size_t i = 0; i < steps; ++i) {
    const std::size_t t = direction_ == Direction::forward ? i : steps - 1 - i;
    const Var next = cell_.step(params, projected[t], h);
    const Array here = column(*present, t);
    h = where(here, next, h);
    each[t] = reshape(where(here, next, nothing), {batch, 1, hidden});
  }
  return {concat(each, 1), h};
}

}  // namespace attune
