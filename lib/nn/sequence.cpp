#include "nn/sequence.hpp"

#include <string>

namespace attune {
namespace {

// Halved again and again: the gradients of T direct slices would each be as large as x.
void unstack(const Var& x, std::size_t begin, std::size_t end, Vars& out) {
  if (end - begin == 1) {
    out.push_back(reshape(x, {x.shape()[0], x.shape()[2]}));
    return;
  }
  const std::size_t half = (end - begin) / 2;
  unstack(slice(x, 1, 0, half), begin, begin + half, out);
  unstack(slice(x, 1, half, end - begin), begin + half, end, out);
}

}  // namespace

Vars steps_of(const Var& x) {
  Vars out;
  unstack(x, 0, x.shape()[1], out);
  return out;
}

Array column(const Array& present, std::size_t t) { return kernel::slice(present, 1, t, t + 1); }

void check_steps(const char* layer, const Var& x, const Array* present) {
  if (x.shape().rank() != 3 || x.shape()[1] == 0)
    throw Error(std::string(layer) + ": want (B,T,F) with at least one step, have " +
                x.shape().text());
  const Shape wanted{x.shape()[0], x.shape()[1]};
  if (present && !(present->shape() == wanted))
    throw Error(std::string(layer) + ": present: want shape " + wanted.text() + ", have " +
                present->shape().text());
}

}  // namespace attune
