#include "autograd/masked_softmax.hpp"

#include "array/masked_softmax.hpp"
#include "array/softmax_grad.hpp"

namespace attune {

Var masked_softmax(const Var& x, const Array& allowed) {
  return record("masked_softmax", kernel::masked_softmax(x.value(), allowed), {x},
                [](const Var& out, const Var& g, const Needed&) {
                  if (!recording())
                    return Vars{constant(kernel::softmax_grad(g.value(), out.value()))};
                  const Var part = g * out;
                  return Vars{part - out * sum(part, {out.shape().rank() - 1}, true)};
                });
}

}  // namespace attune
