#include <doctest/doctest.h>

#include "autograd/check.hpp"
#include "autograd/op_cases.hpp"

namespace attune::test {

TEST_CASE("first and second derivatives of every op match central differences") {
  std::uint64_t number = 0;
  for (const OpCase& one : op_cases()) {
    Rng rng(7, "op cases", number++);
    const std::vector<Array> at = spread(one.shapes, one.low, one.high, rng);
    const DerivativeErrors errors = check_derivatives(one.f, at, rng);
    INFO(one.declaration, " ", one.variant);
    CHECK(errors.first < 1e-7);
    CHECK(errors.second < 1e-7);
  }
}

TEST_CASE("the checks see a wrong first and a wrong second derivative") {
  const auto wrong_first = [](const Vars& x) {
    return record("wrong", kernel::mul(x[0].value(), x[0].value()), {x[0]},
                  [x](const Var&, const Var& g, const Needed&) { return Vars{g * x[0]}; });
  };
  // Right at first order, but the value inside the pullback cuts the graph.
  const auto wrong_second = [](const Vars& x) {
    return record("cut", kernel::mul(x[0].value(), x[0].value()), {x[0]},
                  [x](const Var&, const Var& g, const Needed&) {
                    return Vars{g * (x[0].detach() * Real(2))};
                  });
  };
  Rng rng(7, "wrong");
  const std::vector<Array> at = spread({{2, 3}}, -1, 1, rng);
  CHECK(check_derivatives(wrong_first, at, rng).first > 0.1);
  CHECK(check_derivatives(wrong_second, at, rng).first < 1e-7);
  CHECK(check_derivatives(wrong_second, at, rng).second > 0.1);
}

}  // namespace attune::test
