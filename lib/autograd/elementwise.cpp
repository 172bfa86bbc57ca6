#include <cmath>
#include <numbers>

#include "autograd/ops.hpp"
#include "autograd/pick.hpp"

namespace attune {

namespace {

// Φ(x) of the standard normal distribution.
Var normal_cdf(const Var& x) {
  constexpr Real kScale = static_cast<Real>(1 / std::numbers::sqrt2);
  const Array erf = kernel::erf(kernel::scale(x.value(), kScale));
  return record("normal_cdf", kernel::scale(kernel::shift(erf, 1), Real(0.5)), {x},
                [x](const Var&, const Var& g, const Needed&) {
                  constexpr Real kPeak =
                      static_cast<Real>(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
                  return Vars{g * (exp(square(x) * Real(-0.5)) * kPeak)};
                });
}

Array one_minus(const Array& mask) { return kernel::shift(kernel::neg(mask), 1); }

// 1 where x > 0, else 0.
Array positive(const Array& x) { return kernel::greater(x, Array::scalar(0)); }

}  // namespace

Var constant(Array value) { return Var(std::move(value)); }
Var constant(Real value) { return Var(Array::scalar(value)); }

Var operator+(const Var& a, const Var& b) {
  return record("add", kernel::add(a.value(), b.value()), {a, b},
                [](const Var&, const Var& g, const Needed&) {
                  return Vars{g, g};
                });
}

Var operator-(const Var& a, const Var& b) {
  return record("subtract", kernel::sub(a.value(), b.value()), {a, b},
                [](const Var&, const Var& g, const Needed& needed) {
                  return Vars{g, needed[1] ? -g : Var()};
                });
}

Var operator*(const Var& a, const Var& b) {
  return record("multiply", kernel::mul(a.value(), b.value()), {a, b},
                [a, b](const Var&, const Var& g, const Needed& needed) {
                  return Vars{needed[0] ? g * b : Var(), needed[1] ? g * a : Var()};
                });
}

Var operator/(const Var& a, const Var& b) {
  return record("divide", kernel::div(a.value(), b.value()), {a, b},
                [b](const Var& out, const Var& g, const Needed& needed) {
                  const Var to_a = g / b;
                  return Vars{to_a, needed[1] ? -(to_a * out) : Var()};
                });
}

Var operator-(const Var& x) {
  return record("negate", kernel::neg(x.value()), {x},
                [](const Var&, const Var& g, const Needed&) { return Vars{-g}; });
}

Var operator*(const Var& x, Real factor) {
  return record("scale", kernel::scale(x.value(), factor), {x},
                [factor](const Var&, const Var& g, const Needed&) { return Vars{g * factor}; });
}

Var operator+(const Var& x, Real offset) {
  return record("shift", kernel::shift(x.value(), offset), {x},
                [](const Var&, const Var& g, const Needed&) { return Vars{g}; });
}

Var exp(const Var& x) {
  return record("exp", kernel::exp(x.value()), {x},
                [](const Var& out, const Var& g, const Needed&) { return Vars{g * out}; });
}

Var log(const Var& x) {
  return record("log", kernel::log(x.value()), {x},
                [x](const Var&, const Var& g, const Needed&) { return Vars{g / x}; });
}

Var sqrt(const Var& x) {
  return record(
      "sqrt", kernel::sqrt(x.value()), {x},
      [](const Var& out, const Var& g, const Needed&) { return Vars{(g * Real(0.5)) / out}; });
}

Var tanh(const Var& x) {
  return record(
      "tanh", kernel::tanh(x.value()), {x},
      [](const Var& out, const Var& g, const Needed&) { return Vars{g - g * square(out)}; });
}

Var sigmoid(const Var& x) {
  return record("sigmoid", kernel::sigmoid(x.value()), {x},
                [](const Var& out, const Var& g, const Needed&) {
                  const Var part = g * out;
                  return Vars{part - part * out};
                });
}

Var relu(const Var& x) {
  return record(
      "relu", kernel::relu(x.value()), {x},
      [](const Var& out, const Var& g, const Needed&) { return Vars{pass_positive(g, out)}; });
}

Var pass_positive(const Var& g, const Var& y) {
  return record("pass_positive", kernel::relu_grad(g.value(), y.value()), {g},
                [y = y.detach()](const Var&, const Var& h, const Needed&) {
                  return Vars{pass_positive(h, y)};
                });
}

Var gelu(const Var& x) { return x * normal_cdf(x); }

Var elu(const Var& x) {
  const Array curve = kernel::shift(kernel::exp(x.value()), -1);
  return record("elu", kernel::where(positive(x.value()), x.value(), curve), {x},
                [x](const Var& out, const Var& g, const Needed&) {
                  return Vars{g * where(positive(x.value()), constant(Real(1)), out + Real(1))};
                });
}

Var leaky_relu(const Var& x, Real slope) {
  const Array slopes = kernel::where(positive(x.value()), Array::scalar(1), Array::scalar(slope));
  return record(
      "leaky_relu", kernel::mul(x.value(), slopes), {x},
      [slopes](const Var&, const Var& g, const Needed&) { return Vars{g * constant(slopes)}; });
}

Var softplus(const Var& x) {
  // max(x,0) + log(1 + exp(−|x|)): no overflow at either end.
  const Array size = kernel::mul(x.value(), kernel::sign(x.value()));
  const Array tail = kernel::log(kernel::shift(kernel::exp(kernel::neg(size)), 1));
  return record("softplus", kernel::add(kernel::relu(x.value()), tail), {x},
                [x](const Var&, const Var& g, const Needed&) { return Vars{g * sigmoid(x)}; });
}

Var sin(const Var& x) {
  return record("sin", kernel::sin(x.value()), {x},
                [x](const Var&, const Var& g, const Needed&) { return Vars{g * cos(x)}; });
}

Var cos(const Var& x) {
  return record("cos", kernel::cos(x.value()), {x},
                [x](const Var&, const Var& g, const Needed&) { return Vars{-(g * sin(x))}; });
}

Var abs(const Var& x) {
  const Array sign = kernel::sign(x.value());
  return record(
      "abs", kernel::mul(x.value(), sign), {x},
      [sign](const Var&, const Var& g, const Needed&) { return Vars{g * constant(sign)}; });
}

Var square(const Var& x) {
  return record("square", kernel::mul(x.value(), x.value()), {x},
                [x](const Var&, const Var& g, const Needed&) { return Vars{g * (x * Real(2))}; });
}

Var pow(const Var& x, Real exponent) {
  return record("pow", kernel::pow(x.value(), exponent), {x},
                [x, exponent](const Var&, const Var& g, const Needed&) {
                  return Vars{g * (pow(x, exponent - 1) * exponent)};
                });
}

Var maximum(const Var& a, const Var& b) {
  const Array b_larger = kernel::greater(b.value(), a.value());
  return record("maximum", kernel::maximum(a.value(), b.value()), {a, b},
                [b_larger](const Var&, const Var& g, const Needed& needed) {
                  return Vars{needed[0] ? g * constant(one_minus(b_larger)) : Var(),
                              needed[1] ? g * constant(b_larger) : Var()};
                });
}

Var where(const Array& mask, const Var& a, const Var& b) {
  return record("where", kernel::where(mask, a.value(), b.value()), {a, b},
                [mask](const Var&, const Var& g, const Needed& needed) {
                  const Var none = constant(Real(0));
                  return Vars{needed[0] ? where(mask, g, none) : Var(),
                              needed[1] ? where(mask, none, g) : Var()};
                });
}

}  // namespace attune
