#include "nn/optimiser.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "array/parallel.hpp"
#include "array/storage.hpp"
#include "random_array.hpp"

namespace attune::test {

namespace {

std::unique_ptr<Optimiser> make(const std::string& json) {
  return OptimiserRegistry::make(Config::parse(json, "test"), "adam");
}

Params one_weight(Real value) {
  Params params;
  params.add("w", Array::of({1}, {value}));
  return params;
}

// The first of `items` equal weights after each step of the given gradients.
std::vector<double> path(const std::string& json, double start, const std::vector<double>& slopes,
                         double rate, std::size_t items = 2) {
  const auto optimiser = make(json);
  Params params;
  params.add("w", Array::full({items}, static_cast<Real>(start)));
  std::vector<double> places;
  for (const double slope : slopes) {
    optimiser->update(params, {Array::full({items}, static_cast<Real>(slope))}, rate);
    places.push_back(static_cast<double>(params["w"].value().data()[0]));
  }
  return places;
}

void check_path(const std::vector<double>& have, const std::vector<double>& want) {
  REQUIRE(have.size() == want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    CHECK(have[i] == doctest::Approx(want[i]).epsilon(1e-5));
  }
}

}  // namespace

TEST_CASE("adam follows the sequence computed by hand") {
  // m = −0.11, v = 0.004999 after the second gradient: −(−0.578947)/√2.500750 = 0.366103.
  check_path(path(R"({"kind": "adam"})", 1, {1, -2}, 0.1), {0.9, 0.9366103});
}

TEST_CASE("adam under a constant gradient moves by the rate in each step") {
  check_path(path("{}", 1, {0.3, 0.3, 0.3, 0.3}, 0.1), {0.9, 0.8, 0.7, 0.6});
  // Decoupled decay: w ← (1 − 0.1·0.5)·w − 0.1.
  check_path(path(R"({"weight_decay": 0.5})", 1, {3, 3, 3}, 0.1), {0.85, 0.7075, 0.572125});
}

TEST_CASE("adam has the same bits at any number of threads, and in the middle of many weights") {
  const auto run = [](int threads) {
    set_threads(threads);
    const auto optimiser = make("{}");
    Rng rng(4, "adam");
    Params params;
    params.add("w", random_array({50000}, rng));
    for (int step = 0; step < 3; ++step)
      optimiser->update(params, {random_array({50000}, rng)}, 0.01);
    set_threads(1);
    return params["w"].value();
  };
  const Array one = run(1), three = run(3);
  CHECK(std::equal(one.values().begin(), one.values().end(), three.values().begin()));
  Rng rng(4, "adam");
  const double start = double(random_array({50000}, rng).data()[40001]);
  std::vector<double> slopes;
  for (int step = 0; step < 3; ++step)
    slopes.push_back(double(random_array({50000}, rng).data()[40001]));
  CHECK(double(one.data()[40001]) ==
        doctest::Approx(path("{}", start, slopes, 0.01).back()).epsilon(1e-5));
}

TEST_CASE("sgd with momentum follows the sequence computed by hand") {
  check_path(path(R"({"kind": "sgd"})", 1, {1, 2}, 0.1), {0.9, 0.61});
  check_path(path(R"({"kind": "sgd", "nesterov": true})", 1, {1, 2}, 0.1), {0.81, 0.349});
  check_path(path(R"({"kind": "sgd", "momentum": 0, "weight_decay": 0.5})", 1, {1, 1}, 0.1),
             {0.85, 0.7075});
}

TEST_CASE("weight decay leaves a number by itself, such as the logarithm of a scale, alone") {
  check_path(path(R"({"weight_decay": 0.5})", 1, {3, 3}, 0.1, 1), {0.9, 0.8});
  check_path(path(R"({"kind": "sgd", "momentum": 0, "weight_decay": 0.5})", 1, {1, 1}, 0.1, 1),
             {0.9, 0.8});
}

TEST_CASE("sgd under a constant gradient follows its closed form") {
  const double momentum = 0.9;
  double want = 0;
  std::vector<double> places;
  for (int n = 1; n <= 20; ++n) {
    want -= 0.01 * 2 * (1 - std::pow(momentum, n)) / (1 - momentum);
    places.push_back(want);
  }
  check_path(path(R"({"kind": "sgd"})", 0, std::vector<double>(20, 2.0), 0.01), places);
}

TEST_CASE("both find the minimum of a parabola") {
  for (const std::string kind : {"adam", "sgd"}) {
    const auto optimiser = make(R"({"kind": ")" + kind + "\"}");
    Params params = one_weight(3);
    for (int i = 0; i < 2000; ++i) {
      const Var w = params["w"];
      optimiser->update(params, {grad(sum(square(w + Real(-1))), {w})[0].value()}, 0.01);
    }
    CHECK(static_cast<double>(params["w"].value().data()[0]) == doctest::Approx(1).epsilon(1e-3));
  }
}

TEST_CASE("restore(state()) continues with the same bits") {
  for (const std::string json :
       {R"({"kind": "adam", "weight_decay": 0.01})", R"({"kind": "sgd", "nesterov": true})"}) {
    const auto through = make(json);
    Params a = one_weight(1), b = one_weight(1);
    auto stopped = make(json);
    for (int i = 0; i < 6; ++i) {
      const std::vector<Array> slope{Array::of({1}, {static_cast<Real>(std::sin(i))})};
      through->update(a, slope, 0.1);
      if (i == 3) {
        const auto state = stopped->state();
        stopped = make(json);
        stopped->restore(state);
      }
      stopped->update(b, slope, 0.1);
    }
    CHECK(a["w"].value().data()[0] == b["w"].value().data()[0]);
    CHECK(through->state().size() == stopped->state().size());
  }
}

TEST_CASE("gradients and states of other weights are errors") {
  Params params = one_weight(1);
  const auto adam = make("{}");
  CHECK_THROWS_AS(adam->update(params, {}, 0.1), Error);
  CHECK_THROWS_WITH_AS(adam->update(params, {Array::zeros({2})}, 0.1),
                       "optimiser: gradient of w: want shape (1), have (2)", Error);
  adam->restore({{"mean.v", Array::zeros({1})}, {"square.v", Array::zeros({1})}});
  CHECK_THROWS_AS(adam->update(params, {Array::zeros({1})}, 0.1), Error);
}

TEST_CASE("settings out of range are usage errors") {
  CHECK_THROWS_AS(make(R"({"beta1": 1})"), UsageError);
  CHECK_THROWS_AS(make(R"({"kind": "sgd", "momentum": -0.1})"), UsageError);
  CHECK_THROWS_AS(make(R"({"kind": "sgd", "momentum": 0, "nesterov": true})"), UsageError);
  CHECK_THROWS_AS(make(R"({"kind": "adamax"})"), UsageError);
}

TEST_CASE("after the first step an update allocates nothing") {
  for (const std::string kind : {"adam", "sgd"}) {
    const auto optimiser = make(R"({"kind": ")" + kind + "\"}");
    Params params;
    params.add("w", Array::full({100, 100}, 1));
    const std::vector<Array> slope{Array::full({100, 100}, 1)};
    optimiser->update(params, slope, 0.1);
    const storage::Usage before = storage::usage();
    const Real* memory = params["w"].value().data();
    for (int i = 0; i < 10; ++i) optimiser->update(params, slope, 0.1);
    CHECK(storage::usage().system_allocations == before.system_allocations);
    CHECK(storage::usage().bytes_in_use == before.bytes_in_use);
    CHECK(params["w"].value().data() == memory);
  }
}

TEST_CASE("clip_by_norm scales to the limit and reports the norm before") {
  std::vector<Array> gradients{Array::of({2}, {3, 0}), Array::of({1}, {4})};
  CHECK(clip_by_norm(gradients, 10) == doctest::Approx(5));
  CHECK(gradients[1].data()[0] == 4);
  CHECK(clip_by_norm(gradients, 1) == doctest::Approx(5));
  CHECK(static_cast<double>(gradients[0].data()[0]) == doctest::Approx(0.6));
  CHECK(static_cast<double>(gradients[1].data()[0]) == doctest::Approx(0.8));
  gradients[0].mutable_data()[1] = std::numeric_limits<Real>::quiet_NaN();
  CHECK(std::isnan(clip_by_norm(gradients, 1)));
}

}  // namespace attune::test

namespace attune::test {

TEST_CASE("a count of steps that can't be is refused") {
  const auto adam = OptimiserRegistry::make(Config(), "adam");
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  for (const auto& digits :
       {std::array<Real, 2>{nan, 0}, {0, nan}, {-1, 0}, {0, 65536}, {0.5, 0}, {Real(1e30), 0}})
    CHECK_THROWS_AS(adam->restore({{"step", Array::of({2}, {digits[0], digits[1]})}}), Error);
  CHECK_NOTHROW(adam->restore({{"step", Array::of({2}, {256, 65535})}}));
}

}  // namespace attune::test
