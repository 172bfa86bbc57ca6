#include <doctest/doctest.h>

#include "autograd/check.hpp"
#include "autograd/masked_softmax.hpp"

using namespace attune;

TEST_CASE("masked softmax: both derivatives against differences") {
  Rng rng(5, "masked-softmax");
  Array allowed = Array::full({2, 1, 9}, 1);
  for (const std::size_t at : {0u, 4u, 5u, 10u, 17u}) allowed.mutable_data()[at] = 0;
  const auto errors =
      check_derivatives([&](const Vars& x) { return masked_softmax(x[0], allowed); },
                        spread({{2, 3, 9}}, -2, 2, rng), rng);
  CHECK(errors.first < 1e-7);
  CHECK(errors.second < 1e-7);
}
