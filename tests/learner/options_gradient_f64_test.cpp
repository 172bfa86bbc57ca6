// As meta_gradient_f64_test.cpp, for settings that are not a learner's defaults.
#include <doctest/doctest.h>

#include "learner/few_shot.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

void check_gradient(const std::shared_ptr<const Pool>& pool, const InputShape& shape,
                    const std::string& config) {
  CAPTURE(config);
  auto sampler = std::make_shared<EpisodeSampler>(*pool, classes_of_split(*pool, "train"),
                                                  EpisodeShape{3, 2, 2, false}, 3, "test");
  const FreshLearner fresh(config, shape);
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
    const double slope = double(kernel::sum_all(kernel::mul(step.gradients[i], direction)).item());
    CHECK(slope == doctest::Approx((at(h) - at(-h)) / (2 * h)).epsilon(1e-5).scale(0.01));
  }
}

}  // namespace

TEST_CASE("the gradient of learners with settings of their own equals central differences") {
  const auto pool = tiny_pool();
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
    check_gradient(pool, input_shape(*pool), config);
  }
}

TEST_CASE("the gradient of distributional signatures that tell words apart, by differences") {
  const auto pool = tiny_text_pool();
  for (const char* use : {"both", "neither"})
    check_gradient(pool, shape_of(*pool),
                   std::string("{\"kind\": \"distributional_signature\", \"hidden\": 3, "
                               "\"exact\": true, \"embedding\": {\"features\": 4}, "
                               "\"use\": \"") +
                       use + "\"}");
}
