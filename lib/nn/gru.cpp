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

Var GruCell::sequence(const Params& params, const Var& projected, const Var& start, bool back,
                      const Array* present) const {
  return gru_sequence(projected, params[name_ + ".recurrent"], params[name_ + ".candidate_bias"],
                      start, back, present);
}

Gru::Gru(const std::string& name, std::size_t in, std::size_t hidden, Direction direction)
    : cell_(name, in, hidden), direction_(direction) {}

Var Gru::forward(const Params& params, const Var& x, const Array* present, const Var* start) const {
  check_steps("gru", x, present);
  const Var nothing = constant(Array::zeros({x.shape()[0], cell_.hidden()}));
  return cell_.sequence(params, cell_.project(params, x), start ? *start : nothing,
                        direction_ == Direction::backward, present);
}

}  // namespace attune
