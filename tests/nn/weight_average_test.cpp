#include "nn/weight_average.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace attune;

namespace {

Params params_of(Real weight, Real buffer) {
  Params params;
  params.add("w", Array::full({2}, weight));
  params.add_buffer("b", Array::full({3}, buffer));
  return params;
}

}  // namespace

TEST_CASE("repeated moves towards a constant are the closed form of an exponential average") {
  Params average = params_of(1, 10);
  const Params target = params_of(3, -2), before = average;
  for (int i = 0; i < 20; ++i) move_towards(average, target, 0.1);
  const double left = std::pow(0.9, 20);
  CHECK(double(average["w"].value().data()[1]) == doctest::Approx(3 - 2 * left).epsilon(1e-5));
  CHECK(double(average.buffer("b").data()[2]) == doctest::Approx(-2 + 12 * left).epsilon(1e-5));
  CHECK(before["w"].value().data()[0] == 1);
  CHECK(target["w"].value().data()[0] == 3);
}

TEST_CASE("shapes that differ are an error") {
  Params average = params_of(1, 1), other;
  other.add("w", Array::full({3}, 0));
  CHECK_THROWS_AS(move_towards(average, other, 0.5), Error);
}
