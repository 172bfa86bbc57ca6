// The gradient that training uses, against differences of the loss it descends, for every learner;
// one that only stands in for the gradient differs from them.
#include <doctest/doctest.h>

#include <cmath>

#include "learner/classification.hpp"
#include "learner/tiny_pool.hpp"
#include "random_array.hpp"

using namespace attune;

TEST_CASE("the meta-gradient equals central differences of the loss, where a learner claims so") {
  for (const std::string& kind : LearnerRegistry::names()) {
    CAPTURE(kind);
    const auto pool = pool_for(kind);
    auto sampler = std::make_shared<EpisodeSampler>(*pool, classes_of_split(*pool, "train"),
                                                    EpisodeShape{3, 2, 2, false}, 3, "test");
    const std::shared_ptr<const Learner> learner = LearnerRegistry::make(
        Config::parse("{\"kind\": \"" + kind +
                          "\", \"encoder\": {\"kind\": \"conv4\", \"filters\": 16, \"blocks\": 2}}",
                      "test"),
        "", shape_of(*pool));
    if (!learner->claims().trained) continue;
    Params params;
    Rng rng(2, "init");
    learner->init(params, rng);
    Classification problem(
        learner, pool, [sampler](std::uint64_t n) { return (*sampler)(n); }, 3, nullptr, 0);
    const std::uint64_t numbers[] = {1, 2};
    const auto run = [&](const Params& at) {
      Context context;
      context.mode = Mode::train;
      return problem.gradients(at, numbers, context);
    };
    const Vars weights = params.weights();
    const Step step = run(params);
    REQUIRE(step.gradients.size() == weights.size());
    bool exact = true;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      CAPTURE(params.names()[i]);
      const Array direction = random_array(weights[i].shape(), rng);
      const double h = 1e-8;  // inner gradients jump at kinks: be unlikely to pass one
      const auto at = [&](double factor) {
        Vars moved = weights;
        const NoGrad off;  // the value is enough
        moved[i] = leaf(kernel::add(weights[i].value(), kernel::scale(direction, Real(factor))));
        return run(params.with(moved)).loss;
      };
      const double slope =
          double(kernel::sum_all(kernel::mul(step.gradients[i], direction)).item());
      const double want = (at(h) - at(-h)) / (2 * h);
      if (learner->claims().exact_gradient) CHECK(slope == doctest::Approx(want).epsilon(1e-4));
      exact = exact && std::abs(slope - want) < 1e-4 * (1 + std::abs(want));
    }
    CHECK(exact == learner->claims().exact_gradient);
  }
}
