#include "autograd/var.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "array/storage.hpp"
#include "autograd/ops.hpp"

namespace attune::test {

namespace {

Var point(Real value) { return leaf(Array::scalar(value)); }
double item(const Var& x) { return static_cast<double>(x.value().item()); }

// The same value; tells what the walk did when it came by.
Var probe(const Var& x, std::function<void(const Needed&)> seen) {
  return record("probe", x.value(), {x}, [seen](const Var&, const Var& g, const Needed& needed) {
    seen(needed);
    return Vars{g};
  });
}

}  // namespace

TEST_CASE("constants are untracked, leaves and what is made of them are tracked") {
  const Var x = point(2);
  CHECK(x.tracked());
  CHECK((x * x).tracked());
  CHECK_FALSE(constant(Real(2)).tracked());
  CHECK_FALSE((constant(Real(2)) * constant(Real(3))).tracked());
  CHECK_FALSE((x * x).detach().tracked());
  CHECK(item((x * x).detach()) == 4);
  CHECK(Var().empty());
  CHECK_THROWS_AS(Var().value(), Error);
}

TEST_CASE("grad gives zeros where y does not depend on x, and one entry per x") {
  const Var x = leaf(Array::of({2}, {1, 2}));
  const Var other = leaf(Array::of({3}, {1, 2, 3}));
  const Var fixed = constant(Array::of({2}, {5, 6}));
  const Vars g = grad(sum(x * fixed), {x, other, fixed, x});
  REQUIRE(g.size() == 4);
  CHECK(g[0].value().data()[1] == 6);
  CHECK(g[1].shape() == Shape{3});
  CHECK(g[1].value().data()[2] == 0);
  CHECK(g[2].value().data()[0] == 0);
  CHECK(g[3].value().data()[0] == 5);
}

TEST_CASE("grad reaches interior values and y itself, and goes on past them") {
  const Var x = point(3);
  const Var middle = x * x;
  const Var y = middle * middle * x;
  const Vars g = grad(y, {middle, x, y});
  CHECK(item(g[0]) == doctest::Approx(2 * 9 * 3));
  CHECK(item(g[1]) == doctest::Approx(5 * 81));
  CHECK(item(g[2]) == 1);
  CHECK(item(grad(y, {middle})[0]) == doctest::Approx(54));  // y is still whole
}

TEST_CASE("grad wants a scalar") {
  const Var x = leaf(Array::of({2}, {1, 2}));
  CHECK_THROWS_WITH_AS(grad(x * x, {x}), "grad: y: want a scalar, have shape (2)", Error);
  CHECK_THROWS_AS(grad_along(x * x, constant(Real(1)), {x}), Error);
  CHECK(grad(reshape(sum(x), {1, 1}), {x})[0].value().data()[1] == 1);
}

TEST_CASE("grad_along takes the gradient of y from outside") {
  const Var x = leaf(Array::of({2}, {1, 2}));
  const Var g = grad_along(square(x), constant(Array::of({2}, {10, 100})), {x})[0];
  CHECK(g.value().data()[0] == 20);
  CHECK(g.value().data()[1] == 400);
}

TEST_CASE("gradients of broadcast inputs are summed to their shapes") {
  const Var row = leaf(Array::of({3}, {1, 2, 3}));
  const Var column = leaf(Array::of({2, 1}, {4, 5}));
  const Vars g = grad(sum(row * column), {row, column});
  CHECK(g[0].shape() == Shape{3});
  CHECK(g[0].value().data()[2] == 9);
  CHECK(g[1].shape() == Shape{2, 1});
  CHECK(g[1].value().data()[1] == 6);
}

TEST_CASE("adding up a gradient leaves gradients handed to others alone") {
  const Var x = leaf(Array::of({2}, {1, 1}));
  const Var a = x * Real(1);
  const Var b = x * Real(1);
  // a + b hands one gradient to both; a gets more from two other places.
  const Vars g = grad(sum(a + b) + sum(a * Real(10)) + sum(a * Real(100)), {a, b, x});
  CHECK(g[0].value().data()[0] == 111);
  CHECK(g[1].value().data()[0] == 1);
  CHECK(g[2].value().data()[0] == 112);
}

TEST_CASE("create_graph gives derivatives of any order") {
  const Var x = point(2);
  Var y = pow(x, 5);
  double want = 32;
  for (int order = 1; order <= 4; ++order) {
    y = grad(y, {x}, true)[0];
    want *= (6 - order) / 2.0;
    CHECK(item(y) == doctest::Approx(want));
  }
  CHECK_FALSE(grad(x * x, {x})[0].tracked());
  CHECK(grad(x * x, {x}, true)[0].tracked());
}

TEST_CASE("a step of MAML on a parabola has its closed form") {
  // ½a·w² inside, ½b·w² outside: d/dw = b·w'·(1 − r·a); first order: b·w'.
  const Real a = 3, b = 5, r = Real(0.1);
  const Var w = point(2);
  const auto meta = [&](bool second_order) {
    const Var g = grad(square(w) * (a / 2), {w}, second_order)[0];
    const Var fast = w - g * r;
    return item(grad(square(fast) * (b / 2), {w})[0]);
  };
  CHECK(meta(true) == doctest::Approx(5 * 1.4 * 0.7));
  CHECK(meta(false) == doctest::Approx(5 * 1.4));
}

TEST_CASE("nothing is recorded under NoGrad or during a plain walk") {
  const Var x = point(2);
  {
    const NoGrad off;
    CHECK_FALSE(recording());
    CHECK_FALSE((x * x).tracked());
    const NoGrad again;
  }
  CHECK(recording());
  bool during = true;
  const auto look = [&during](const Needed&) { during = recording(); };
  grad(probe(x, look), {x});
  CHECK_FALSE(during);
  grad(probe(x, look), {x}, true);
  CHECK(during);
}

TEST_CASE("recording can be switched on inside a NoGrad scope, and ends with its scope") {
  const Var x = point(2);
  const NoGrad off;
  {
    const Recording on;
    CHECK(recording());
    CHECK(item(grad(x * x, {x})[0]) == 4);
    CHECK(recording());
    {
      const NoGrad again;
      CHECK_FALSE((x * x).tracked());
    }
    CHECK((x * x).tracked());
  }
  CHECK_FALSE((x * x).tracked());
  try {
    const Recording on;
    throw Error("out");
  } catch (const Error&) {
  }
  CHECK_FALSE(recording());
}

TEST_CASE("pullbacks are told which inputs need a gradient, and not run for none") {
  const Var a = point(2);
  const Var b = point(3);
  Needed seen;
  int runs = 0;
  const auto both = [&](const Var& p, const Var& q) {
    return record("both", kernel::mul(p.value(), q.value()), {p, q},
                  [&, p, q](const Var&, const Var& g, const Needed& needed) {
                    seen = needed;
                    ++runs;
                    return Vars{needed[0] ? g * q : Var(), needed[1] ? g * p : Var()};
                  });
  };
  grad(both(a, b), {b});
  CHECK(seen == Needed{false, true});
  grad(both(a, constant(Real(1))), {a, b});
  CHECK(seen == Needed{true, false});
  CHECK(runs == 2);
  grad(both(a, a) * b, {b});
  CHECK(runs == 2);
}

TEST_CASE("a pullback that gives too few gradients is an error") {
  const Var x = point(2);
  const auto gives = [&x](Vars gradients) {
    const Var y = record("odd", x.value(), {x},
                         [gradients](const Var&, const Var&, const Needed&) { return gradients; });
    return grad(y, {x});
  };
  CHECK_THROWS_WITH_AS(gives({}), "autograd: odd: want 1 gradients, have 0", Error);
  CHECK_THROWS_AS(gives({Var()}), Error);
}

TEST_CASE("a chain of a million nodes is walked and released without recursion") {
  const Var x = point(1);
  Var y = x;
  for (int i = 0; i < 1'000'000; ++i) y = y + Real(1);
  CHECK(item(grad(y, {x})[0]) == 1);
  y = Var();
  for (int i = 0; i < 200'000; ++i) y = i == 0 ? x * x : -y;
  CHECK(item(grad(std::move(y), {x})[0]) == -2);
}

TEST_CASE("a walk frees the nodes that nobody else holds") {
  constexpr std::size_t kSize = 1024;
  constexpr int kLength = 64;
  const auto left_at_end = [](bool hold) {
    const Var x = leaf(Array::full({kSize}, 1));
    std::size_t bytes = 0;
    const std::size_t before = storage::usage().bytes_in_use;
    Var y = probe(x, [&](const Needed&) { bytes = storage::usage().bytes_in_use - before; });
    for (int i = 0; i < kLength; ++i) y = y * Real(1.01);
    y = sum(y);
    const Var held = hold ? y : Var();
    grad(std::move(y), {x});
    return bytes;
  };
  CHECK(left_at_end(false) < 8 * kSize * sizeof(Real));
  CHECK(left_at_end(true) >= kLength * kSize * sizeof(Real));
}

}  // namespace attune::test
