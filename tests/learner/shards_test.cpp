#include "learner/shards.hpp"

#include <doctest/doctest.h>

#include "array/parallel.hpp"
#include "random_array.hpp"

namespace attune::test {

TEST_CASE("a meta-batch in pieces is the mean over them, with the same bits at any threads") {
  Rng rng(1, "shards");
  Params params;
  params.add("w", random_array({7}, rng));
  std::vector<Array> parts;
  for (int i = 0; i < 5; ++i) parts.push_back(random_array({7}, rng));
  const std::vector<double> shares = {0.4375, 0.125, 0.0625, 0.25, 0.125};
  const auto step = [&](int threads) {
    set_threads(threads);
    Step result = sum_of_shards(shares, [&](std::size_t i) {
      return step_of(sum(square(params["w"] + constant(parts[i]))), params);
    });
    set_threads(1);
    return result;
  };
  const Step one = step(1), three = step(3);
  CHECK(one.loss == three.loss);
  REQUIRE(one.gradients.size() == 1);
  double loss = 0;
  for (std::size_t j = 0; j < 7; ++j) {
    double slope = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      const double sum = static_cast<double>(params["w"].value().data()[j]) +
                         static_cast<double>(parts[i].data()[j]);
      slope += shares[i] * 2 * sum;
      loss += shares[i] * sum * sum;
    }
    CHECK(static_cast<double>(one.gradients[0].data()[j]) == doctest::Approx(slope).epsilon(1e-5));
    CHECK(one.gradients[0].data()[j] == three.gradients[0].data()[j]);
  }
  CHECK(one.loss == doctest::Approx(loss).epsilon(1e-5));
}

TEST_CASE("pieces have random numbers of their own, that depend on the step") {
  Context context;
  context.mode = Mode::train;
  const auto first = [&](std::size_t step, std::size_t shard) {
    context.step = step;
    const Context own = shard_context(context, shard);
    CHECK(own.mode == Mode::train);
    CHECK(own.step == step);
    Rng rng = own.rng;
    return rng.uniform();
  };
  CHECK(first(3, 1) == first(3, 1));
  CHECK(first(3, 1) != first(3, 2));
  CHECK(first(3, 1) != first(4, 1));
}

}  // namespace attune::test
