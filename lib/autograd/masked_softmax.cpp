#include "autograd/masked_softmax.hpp"

#include "array/masked_softmax.hpp"

namespace attune {

Var masked_softmax(const Var& x, const Array& allowed) {
  return record("masked_softmax", kernel::masked_softmax(x.value(), allowed), {x},
                [](const Var& out, const Var& g, const Needed&) {
                  if (!recording())
                    return Vars{constant(kernel::softmax_grad(out.value(), g.value()))};
                  const Var part = g * out;
                  return Vars{part - out * sum(part, {out.shape().rank() - 1}, true)};
                });
}

}  // namespace attune
