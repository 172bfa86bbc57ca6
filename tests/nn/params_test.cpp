#include <doctest/doctest.h>

#include "nn/module.hpp"

namespace attune::test {

namespace {

Params two_weights() {
  Params params;
  params.add("b.weight", Array::of({2}, {1, 2}));
  params.add("a.weight", Array::of({1, 3}, {3, 4, 5}));
  params.add_buffer("a.mean", Array::of({2}, {7, 8}));
  return params;
}

}  // namespace

TEST_CASE("weights are tracked and in name order") {
  const Params params = two_weights();
  CHECK(params.names() == std::vector<std::string>{"a.weight", "b.weight"});
  CHECK(params.weights()[1].value().data()[1] == 2);
  CHECK(params["a.weight"].tracked());
  CHECK(params.count() == 5);
  CHECK(params.has("a.weight"));
  CHECK_FALSE(params.has("a.mean"));
  CHECK(params.buffer("a.mean").data()[0] == 7);
}

TEST_CASE("wrong names and shapes are errors that name them") {
  Params params = two_weights();
  CHECK_THROWS_WITH_AS(params["c"], "params: c: want a weight of that name, have none", Error);
  CHECK_THROWS_AS(params.buffer("a.weight"), Error);
  CHECK_THROWS_AS(params.add("a.weight", Array()), Error);
  CHECK_THROWS_AS(params.add_buffer("a.mean", Array()), Error);
  CHECK_THROWS_AS(params.set_buffer("b.mean", Array()), Error);
  CHECK_THROWS_WITH_AS(params.set_buffer("a.mean", Array::zeros({3})),
                       "params: a.mean: want shape (2), have (3)", Error);
  CHECK_THROWS_AS(params.with({params["a.weight"]}), Error);
  CHECK_THROWS_AS(params.with({params["b.weight"], params["a.weight"]}), Error);
}

TEST_CASE("with gives other weights the same names") {
  const Params params = two_weights();
  const Vars weights = params.weights();
  const Params fast = params.with({weights[0] * Real(2), weights[1]});
  CHECK(fast["a.weight"].value().data()[2] == 10);
  CHECK(params["a.weight"].value().data()[2] == 5);
  CHECK(fast.buffer("a.mean").data()[1] == 8);
}

TEST_CASE("change works in place, but copies keep the old values") {
  Params params = two_weights();
  const auto add_one = [](std::size_t, const std::string&, Array& value) {
    Real* values = value.mutable_data();
    for (std::size_t i = 0; i < value.size(); ++i) values[i] += 1;
  };
  const Real* memory = params["a.weight"].value().data();
  params.change(add_one);
  CHECK(params["a.weight"].value().data() == memory);
  CHECK(params["a.weight"].tracked());
  const Params kept = params;
  params.change(add_one);
  CHECK(kept["a.weight"].value().data()[0] == 4);
  CHECK(params["a.weight"].value().data()[0] == 5);
}

}  // namespace attune::test
