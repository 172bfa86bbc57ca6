#include "autograd/ops.hpp"
#include "autograd/pick.hpp"

namespace attune {

namespace {

bool is_blocked(const Var& x) { return x.shape().rank() == 5; }

// Adjoint of avg_pool.
Var avg_unpool(const Var& g, std::size_t k, const Shape& x_shape) {
  return record("avg_unpool", kernel::avg_unpool(g.value(), k, x_shape), {g},
                [k](const Var&, const Var& h, const Needed&) { return Vars{avg_pool(h, k)}; });
}

}  // namespace

Var pick(const Var& x, const Positions& positions, const Shape& shape) {
  return record("pick", kernel::pick(x.value(), *positions, shape), {x},
                [positions, from = x.shape()](const Var&, const Var& g, const Needed&) {
                  return Vars{unpick(g, positions, from)};
                });
}

Var unpick(const Var& g, const Positions& positions, const Shape& shape) {
  return record("unpick", kernel::unpick(g.value(), *positions, shape), {g},
                [positions, from = g.shape()](const Var&, const Var& h, const Needed&) {
                  return Vars{pick(h, positions, from)};
                });
}

Var conv2d(const Var& x, const Var& w, kernel::Conv2d how, bool blocked) {
  return record("conv2d", kernel::conv2d(x.value(), w.value(), how, blocked), {x, w},
                [x, w, how](const Var&, const Var& g, const Needed& needed) {
                  return Vars{needed[0] ? conv2d_input_grad(g, w, x.shape(), how) : Var(),
                              needed[1] ? conv2d_weight_grad(x, g, w.shape(), how) : Var()};
                });
}

Var conv2d_input_grad(const Var& g, const Var& w, const Shape& x_shape, kernel::Conv2d how) {
  return record("conv2d_input_grad", kernel::conv2d_input_grad(g.value(), w.value(), x_shape, how),
                {g, w}, [g, w, how](const Var&, const Var& h, const Needed& needed) {
                  return Vars{needed[0] ? conv2d(h, w, how, is_blocked(g)) : Var(),
                              needed[1] ? conv2d_weight_grad(h, g, w.shape(), how) : Var()};
                });
}

Var conv2d_weight_grad(const Var& x, const Var& g, const Shape& w_shape, kernel::Conv2d how) {
  return record("conv2d_weight_grad",
                kernel::conv2d_weight_grad(x.value(), g.value(), w_shape, how), {x, g},
                [x, g, how](const Var&, const Var& h, const Needed& needed) {
                  return Vars{needed[0] ? conv2d_input_grad(g, h, x.shape(), how) : Var(),
                              needed[1] ? conv2d(x, h, how, is_blocked(g)) : Var()};
                });
}

Var max_pool(const Var& x, std::size_t k) {
  auto [value, first] = kernel::max_pool(x.value(), k);
  return record(
      "max_pool", std::move(value), {x},
      [positions = std::make_shared<const Indices>(std::move(first)), from = x.shape()](
          const Var&, const Var& g, const Needed&) { return Vars{unpick(g, positions, from)}; });
}

Var avg_pool(const Var& x, std::size_t k) {
  return record("avg_pool", kernel::avg_pool(x.value(), k), {x},
                [k, from = x.shape()](const Var&, const Var& g, const Needed&) {
                  return Vars{avg_unpool(g, k, from)};
                });
}

}  // namespace attune
