// As meta_gradient_f64_test.cpp, for settings that are not a learner's defaults.
#include <doctest/doctest.h>

#include "learner/few_shot.hpp"
#include "random_array.hpp"

using namespace attune;

TEST_CASE("the gradient of learners with settings of their own equals central differences") {
  const auto pool = tiny_pool();
  auto sampler = std::make_shared<EpisodeSampler>(*pool, classes_of_split(*pool, "train"),
                                                  EpisodeShape{3, 2, 2, false}, 3, "test");
  const std::string small_maps =
                        ", \"encoder\": {\"kind\": \"conv4\", \"filters\": 16, \"blocks\": 2}}",
                    maps = ", \"encoder\": {\"kind\": \"conv4\", \"filters\": 16, \"blocks\": 1}}",
                    plain = ", \"encoder\": {\"kind\": \"conv4\", \"filters\": 5, \"blocks\": 1}}";
  for (const std::string& config : {
           "{\"kind\": \"relation\", \"width\": 16" + maps,
           "{\"kind\": \"relation\", \"width\": 6" + plain,
           "{\"kind\": \"relation\", \"loss\": \"cross_entropy\", \"width\": 5" + small_maps,
           "{\"kind\": \"anp\", \"hidden\": 5, \"attention\": {\"heads\": 3, \"normaliser\": "
           "{\"kind\": \"sparsemax\"}, \"score\": {\"kind\": \"additive\"}}" +
               small_maps,
           "{\"kind\": \"gnn\", \"ways\": 3, \"layers\": 1, \"width\": 3, \"adjacency\": [5]" +
               small_maps,
           "{\"kind\": \"gnn\", \"layers\": 3, \"width\": 4, \"adjacency\": [16, 3]" + small_maps,
       }) {
    CAPTURE(config);
    const FreshLearner fresh(config, input_shape(*pool));
    Classification problem(
        fresh.learner, pool, [sampler](std::uint64_t n) { return (*sampler)(n); }, 3, nullptr, 0);
    const std::uint64_t numbers[] = {1, 2};
    const auto run = [&](const Params& at) {
      Context context;
      context.mode = Mode::train;
      return problem.gradients(at, numbers, context);
    };
    Rng rng(2, "directions");
    const Vars weights = fresh.params.weights();
    const Step step = run(fresh.params);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      CAPTURE(fresh.params.names()[i]);
      const Array direction = random_array(weights[i].shape(), rng);
      const double h = 1e-6;
      const auto at = [&](double factor) {
        Vars moved = weights;
        moved[i] = leaf(kernel::add(weights[i].value(), kernel::scale(direction, Real(factor))));
        return run(fresh.params.with(moved)).loss;
      };
      const double slope =
          double(kernel::sum_all(kernel::mul(step.gradients[i], direction)).item());
      CHECK(slope == doctest::Approx((at(h) - at(-h)) / (2 * h)).epsilon(1e-5).scale(0.01));
    }
  }
}
