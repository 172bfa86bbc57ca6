// Every attention structure as part of the matching network: it learns, and its gradients are the
// same bits at any thread count.
#include <doctest/doctest.h>

#include <algorithm>

#include "array/parallel.hpp"
#include "learner/classification.hpp"
#include "learner/tiny_pool.hpp"

using namespace attune;

namespace {

struct Fixture {
  std::shared_ptr<Pool> pool = tiny_pool();
  std::shared_ptr<Classification> problem;
  Params params;

  explicit Fixture(const std::string& structure) {
    const Config config =
        Config::parse("{\"kind\": \"matching\", \"attention\": {\"kind\": \"" + structure + "\"" +
                          // Dilations beyond the seven items would meet nothing.
                          (structure == "causal" ? ", \"length\": 7" : "") +
                          "}, \"encoder\": {\"kind\": \"conv4\", \"filters\": 16, \"blocks\": 2}}",
                      "test");
    const std::shared_ptr<const Learner> learner =
        LearnerRegistry::make(config, "", input_shape(*pool));
    config.finish();
    const auto sampler = std::make_shared<EpisodeSampler>(
        *pool, classes_of_split(*pool, "train"), EpisodeShape{3, 2, 4, false}, 3, "structures");
    problem = std::make_shared<Classification>(
        learner, pool, [sampler](std::uint64_t n) { return (*sampler)(n); }, 3, nullptr, 0);
    Rng rng(2, "init");
    params = problem->init(rng);
  }
};

Context training(std::size_t step) {
  Context context;
  context.mode = Mode::train;
  context.rng = Rng(1, "training", step);
  return context;
}

}  // namespace

TEST_CASE("every structure overfits one episode, and every weight of it takes part") {
  for (const std::string& kind : StructureRegistry::names()) {
    CAPTURE(kind);
    Fixture f(kind);
    const std::uint64_t numbers[] = {0};
    std::vector<bool> moved(f.params.names().size(), false);
    std::vector<double> losses;
    for (std::size_t step = 0; step < 200; ++step) {
      Context context = training(step);
      const Step result = f.problem->gradients(f.params, numbers, context);
      losses.push_back(result.loss);
      f.params.change([&](std::size_t i, const std::string&, Array& weight) {
        const Array& g = result.gradients[i];
        moved[i] = moved[i] || std::any_of(g.values().begin(), g.values().end(),
                                           [](Real value) { return value != 0; });
        weight = kernel::sub(weight, kernel::scale(g, Real(0.1)));
      });
    }
    double late = 0;  // dropout makes single steps noisy
    for (std::size_t i = 0; i < 10; ++i) late += losses[losses.size() - 1 - i] / 10;
    CHECK(late < 0.1);
    CHECK(late < 0.5 * losses.front());
    for (std::size_t i = 0; i < moved.size(); ++i) {
      CAPTURE(f.params.names()[i]);
      CHECK(moved[i]);
    }
  }
}

TEST_CASE("every structure's gradients are the same bits at any thread count") {
  for (const std::string& kind : StructureRegistry::names()) {
    CAPTURE(kind);
    const Fixture f(kind);
    const std::uint64_t numbers[] = {4, 9};
    const auto run = [&](int count) {
      set_threads(count);
      Context context = training(0);
      return f.problem->gradients(f.params, numbers, context);
    };
    const Step one = run(1), two = run(2);
    CHECK(one.loss == two.loss);
    for (std::size_t i = 0; i < one.gradients.size(); ++i) {
      const auto a = one.gradients[i].values(), b = two.gradients[i].values();
      CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
    }
  }
}
