#include "nn/pair_linear.hpp"

#include <doctest/doctest.h>

#include "random_array.hpp"

using namespace attune;

TEST_CASE("PairLinear is a linear layer of every concatenated pair of rows") {
  const PairLinear layer("pair", 3, 2, 4);
  Params params;
  Rng rng(1, "pair");
  layer.init(params, rng);
  std::size_t number = 0;
  params.change([&](std::size_t, const std::string&, Array& value) {
    Rng own(2, "values", number++);
    value = random_array(value.shape(), own);
  });
  const Array a = random_array({5, 3}, rng), b = random_array({6, 2}, rng);
  Context context;
  const Array y = layer(params, constant(a), constant(b), context).value();
  REQUIRE(y.shape() == Shape{5, 6, 4});
  const Array w = kernel::concat(
      std::vector{params["pair.first.weight"].value(), params["pair.second.weight"].value()}, 0);
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 6; ++j) {
      const Array both = kernel::concat(
          std::vector{kernel::slice(a, 0, i, i + 1), kernel::slice(b, 0, j, j + 1)}, 1);
      const Array want = kernel::add(kernel::matmul(both, w), params["pair.second.bias"].value());
      for (std::size_t k = 0; k < 4; ++k)
        CHECK(double(y.data()[(i * 6 + j) * 4 + k]) ==
              doctest::Approx(double(want.data()[k])).epsilon(1e-4));
    }
}
