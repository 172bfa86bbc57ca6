// Every normaliser in a learner that is trained: 30 steps of Adam on one episode.
#include <doctest/doctest.h>

#include <cmath>

#include "learner/classification.hpp"
#include "nn/optimiser.hpp"

using namespace attune;

namespace {

constexpr std::size_t kWays = 3, kSteps = 30;

// 6 classes of 8 vectors. Two of the ten numbers tell the class; the others are larger and say
// nothing, so that attention by the vectors as they are goes to the wrong items.
std::shared_ptr<Pool> noisy_pool() {
  constexpr std::uint32_t kClasses = 6, kExamples = 8, kFeatures = 10;
  auto pool = std::make_shared<Pool>();
  pool->example_shape = {kFeatures};
  pool->title = "noisy";
  pool->source = "{}";
  pool->group_name = {""};
  Rng rng(1, "noisy pool");
  for (std::uint32_t c = 0; c < kClasses; ++c) {
    pool->class_name.push_back("class" + std::to_string(c));
    pool->class_split.push_back(0);
    pool->class_of_origin.push_back(c);
    const double place[] = {std::cos(double(c)), std::sin(double(c))};
    for (std::uint32_t e = 0; e < kExamples; ++e) {
      for (std::uint32_t f = 0; f < kFeatures; ++f)
        pool->features.push_back(
            static_cast<float>(f < 2 ? place[f] + 0.1 * rng.normal() : 1.5 * rng.normal()));
      pool->y.push_back(c);
      pool->group.push_back(0);
    }
  }
  return pool;
}

struct Trained {
  double loss_before, loss_after, accuracy_before, accuracy_after;  // as evaluated
};

// Steps of Adam on one episode.
Trained train(const std::string& normaliser, std::size_t partitions) {
  const auto pool = noisy_pool();
  const std::shared_ptr<const Learner> learner = LearnerRegistry::make(
      Config::parse(R"({"kind": "matching", "attention": {"normaliser": )" + normaliser +
                        R"(}, "encoder": {"kind": "mlp", "hidden": [64], "features": 16}})",
                    "test"),
      "", input_shape(*pool));
  const auto sampler = std::make_shared<EpisodeSampler>(
      *pool, classes_of_split(*pool, "train"), EpisodeShape{kWays, 2, 6, false}, 3, "test");
  Classification problem(
      learner, pool, [sampler](std::uint64_t n) { return (*sampler)(n); }, kWays, nullptr, 0,
      partitions);
  Rng rng(2, "init");
  Params params = problem.init(rng);
  const std::uint64_t numbers[] = {0};
  const Scores before = (*problem.evaluator(params))(numbers)[0];
  const auto optimiser = OptimiserRegistry::make(Config::parse("{}", "test"), "adam");
  for (std::size_t step = 0; step < kSteps; ++step) {
    Context context;
    context.mode = Mode::train;
    context.rng = Rng(5, "context", step);
    Step found = problem.gradients(params, numbers, context);
    optimiser->update(params, found.gradients, 0.01);
  }
  const Scores after = (*problem.evaluator(params))(numbers)[0];
  return {before.at("loss"), after.at("loss"), before.at("accuracy"), after.at("accuracy")};
}

bool learned(const Trained& t) {
  return t.accuracy_before < 0.6 && t.accuracy_after > 0.9 && t.loss_after < 0.2 * t.loss_before;
}

}  // namespace

TEST_CASE("every normaliser is trained end to end, and only the control without attention is not") {
  for (const std::string& kind : NormaliserRegistry::names()) {
    CAPTURE(kind);
    const Trained t = train("{\"kind\": \"" + kind + "\"}", 1);
    if (kind == "uniform") {
      CHECK(t.loss_after == doctest::Approx(std::log(kWays)));
      continue;
    }
    CHECK(learned(t));
  }
}

TEST_CASE("reinforce and Gumbel draw anew for each partition of an episode and still learn") {
  for (const std::string options :
       {R"({"kind": "reinforce"})", R"({"kind": "gumbel", "hard": true, "temperature": 0.5})"}) {
    CAPTURE(options);
    const Trained t = train(options, 4);
    CHECK(learned(t));
  }
}
