#include "autograd/check.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "autograd/ops.hpp"

namespace attune {

namespace {

using Loss = std::function<Var(const Vars&)>;

Array uniform(const Shape& shape, Rng& rng) {
  Array x(shape);
  Real* values = x.mutable_data();
  for (std::size_t i = 0; i < x.size(); ++i) values[i] = static_cast<Real>(rng.uniform(-1, 1));
  return x;
}

Vars leaves(const std::vector<Array>& values) {
  Vars result;
  for (const Array& value : values) result.push_back(leaf(value));
  return result;
}

std::vector<Array> moved(const std::vector<Array>& at, const std::vector<Array>& along,
                         double step) {
  std::vector<Array> result;
  for (std::size_t i = 0; i < at.size(); ++i) {
    result.push_back(kernel::add(at[i], kernel::scale(along[i], static_cast<Real>(step))));
  }
  return result;
}

double value(const Loss& loss, const std::vector<Array>& at) {
  return static_cast<double>(loss(leaves(at)).value().item());
}

class Worst {
 public:
  void add(double have, double want) {
    difference_ = std::isfinite(have) ? std::max(difference_, std::abs(have - want)) : HUGE_VAL;
    scale_ = std::max(scale_, std::abs(want));
  }
  double relative() const { return difference_ / scale_; }

 private:
  double difference_ = 0;
  double scale_ = 0.1;
};

double first_error(const Loss& loss, const std::vector<Array>& at, Rng& rng, double step) {
  constexpr std::size_t kEntries = 150;
  const Vars xs = leaves(at);
  const Vars gradients = grad(loss(xs), xs);
  Worst worst;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const std::size_t size = at[i].size();
    for (const std::uint32_t entry : rng.choose(size, std::min(size, kEntries))) {
      std::vector<Array> near = at;
      const Real centre = at[i].data()[entry];
      near[i].mutable_data()[entry] = centre + static_cast<Real>(step);
      const double above = value(loss, near);
      near[i].mutable_data()[entry] = centre - static_cast<Real>(step);
      const double below = value(loss, near);
      worst.add(static_cast<double>(gradients[i].value().data()[entry]),
                (above - below) / (2 * step));
    }
  }
  return worst.relative();
}

double second_error(const Loss& loss, const std::vector<Array>& at, Rng& rng, double step) {
  std::vector<Array> along;
  for (const Array& x : at) along.push_back(uniform(x.shape(), rng));
  const Vars xs = leaves(at);
  const Vars gradients = grad(loss(xs), xs, true);
  Var slope = constant(Real(0));
  for (std::size_t i = 0; i < xs.size(); ++i) {
    slope = slope + sum(gradients[i] * constant(along[i]));
  }
  const Vars products = grad(slope, xs);
  const Vars above = leaves(moved(at, along, step));
  const Vars below = leaves(moved(at, along, -step));
  const Vars g_above = grad(loss(above), above);
  const Vars g_below = grad(loss(below), below);
  Worst worst;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const Array rise = kernel::sub(g_above[i].value(), g_below[i].value());
    for (std::size_t j = 0; j < rise.size(); ++j) {
      worst.add(static_cast<double>(products[i].value().data()[j]),
                static_cast<double>(rise.data()[j]) / (2 * step));
    }
  }
  return worst.relative();
}

}  // namespace

std::vector<Array> spread(const std::vector<Shape>& shapes, double low, double high, Rng& rng) {
  std::size_t total = 0;
  for (const Shape& shape : shapes) total += shape.size();
  std::vector<std::uint32_t> order(total);
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  rng.shuffle(order);
  // 0.37: with a whole number or a half, the middle of a symmetric range would be 0.
  constexpr double kOffset = 0.37;
  std::vector<Array> result;
  std::size_t next = 0;
  for (const Shape& shape : shapes) {
    Array x(shape);
    Real* values = x.mutable_data();
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double place = (order[next++] + kOffset) / static_cast<double>(total);
      values[i] = static_cast<Real>(low + (high - low) * place);
    }
    result.push_back(x);
  }
  return result;
}

DerivativeErrors check_derivatives(const std::function<Var(const Vars&)>& f,
                                   const std::vector<Array>& at, Rng& rng, double step) {
  std::vector<Array> all = at;
  all.push_back(uniform(f(leaves(at)).shape(), rng));
  const Loss loss = [&f](const Vars& xs) {
    return sum(f(Vars(xs.begin(), xs.end() - 1)) * xs.back());
  };
  const double first = first_error(loss, all, rng, step);
  return {first, second_error(loss, all, rng, step)};
}

}  // namespace attune
