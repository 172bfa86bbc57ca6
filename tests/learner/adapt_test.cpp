#include "learner/adapt.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "array/parallel.hpp"
#include "learner/few_shot.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

const std::vector<std::string> kKinds{"anil", "fomaml", "maml", "meta_sgd", "reptile"};
constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 1e-3;

std::string config_of(const std::string& kind, const std::string& more = "\"inner_steps\": 5") {
  return "{\"kind\": \"" + kind +
         R"(", "encoder": {"kind": "conv4", "filters": 16, "blocks": 2}, )" + more + "}";
}

// One episode of random images.
struct Fixture {
  FreshLearner fresh;
  Array support, query;
  Indices labels{0, 1, 2, 0, 1, 2};

  explicit Fixture(const std::string& config) : fresh(config, {Shape{1, 8, 8}}) {
    Rng images(4, "images");
    support = random_array({6, 64}, images);
    query = random_array({7, 64}, images);
  }
  Array logits(const Array& of, Mode mode = Mode::evaluate) const {
    const NoGrad off;
    return fresh.logits(support, labels, 3, of, mode);
  }
};

double difference(const Array& a, const Array& b) {
  REQUIRE(a.shape() == b.shape());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::abs(double(a.data()[i]) - double(b.data()[i])));
  return most;
}

Array first_rows(const Array& x, std::size_t rows) { return kernel::slice(x, 0, 0, rows); }

}  // namespace

TEST_CASE("each reading of batch-norm is as inductive as claimed; transductive mode never is") {
  for (const std::string& kind : kKinds)
    for (const std::string norm : {"support", "batch", "running"}) {
      CAPTURE(kind);
      CAPTURE(norm);
      const Fixture f(config_of(kind, "\"batch_norm\": \"" + norm + "\""));
      const auto queries_matter = [&](Mode mode) {
        return difference(first_rows(f.logits(f.query, mode), 3),
                          f.logits(first_rows(f.query, 3), mode)) > kClose;
      };
      CHECK(f.fresh.learner->claims().inductive == (norm != "batch"));
      CHECK(queries_matter(Mode::evaluate) == (norm == "batch"));
      CHECK(queries_matter(Mode::transductive));
    }
}

TEST_CASE("running statistics are noted for the queries, and only where they are used") {
  for (const std::string& kind : kKinds)
    for (const std::string norm : {"support", "batch", "running"}) {
      CAPTURE(kind);
      CAPTURE(norm);
      const Fixture f(config_of(kind, "\"batch_norm\": \"" + norm + "\""));
      BufferUpdates updates;
      Context context;
      context.mode = Mode::train;
      context.updates = &updates;
      f.fresh.learner->loss(f.fresh.params, {constant(f.support), f.labels, 3}, {constant(f.query)},
                            {0, 1, 2, 0, 1, 2, 0}, context);
      CHECK(updates.size() == (norm == "running" ? f.fresh.params.buffers().size() : 0));
      CHECK(context.updates == &updates);
      CHECK(context.mode == Mode::train);
    }
}

TEST_CASE("adapting works without recording, gives the same logits, and holds one step's memory") {
  for (const std::string& kind : kKinds) {
    CAPTURE(kind);
    const Fixture f(config_of(kind, R"("inner_steps": 3)"));
    CHECK(difference(f.logits(f.query), f.fresh.logits(f.support, f.labels, 3, f.query)) < kClose);
    const auto bytes = [&](int steps, bool off) {
      const Fixture g(config_of(kind, "\"inner_steps\": " + std::to_string(steps)));
      const std::size_t before = storage::usage().bytes_in_use;
      const RecordingScope scope(!off);
      Context context;
      const Var y = g.fresh.learner->logits(g.fresh.params, {constant(g.support), g.labels, 3},
                                            {constant(g.query)}, context);
      return storage::usage().bytes_in_use - before;
    };
    CHECK(bytes(20, true) < 4096);
    if (f.fresh.learner->claims().order == 2) CHECK(bytes(20, false) > 5 * bytes(2, true));
  }
}

TEST_CASE("evaluation takes its own number of steps") {
  for (const std::string& kind : kKinds) {
    CAPTURE(kind);
    const Fixture two(config_of(kind, R"("inner_steps": 2)"));
    const Fixture other(config_of(kind, R"("inner_steps": 6, "evaluation_steps": 2)"));
    const Fixture six(config_of(kind, R"("inner_steps": 6)"));
    CHECK(difference(two.logits(two.query), other.logits(two.query)) == 0);
    CHECK(difference(six.logits(two.query), other.logits(two.query)) > 1e-4);
    CHECK(difference(six.logits(two.query, Mode::train), other.logits(two.query, Mode::train)) ==
          0);
  }
}

TEST_CASE("a head has logits for the episode's classes, and refuses more than it has") {
  for (const std::string& kind : kKinds) {
    CAPTURE(kind);
    CHECK(Fixture(config_of(kind)).logits(Array::zeros({4, 64})).shape() == Shape{4, 3});
    CHECK_THROWS_WITH_AS(Fixture(config_of(kind, R"("ways": 2)")).logits(Array::zeros({4, 64})),
                         "test: .ways: want at least 3, the classes of the episode, have 2",
                         UsageError);
  }
}

TEST_CASE("reptile in minibatches: the order of the support matters then, as claimed") {
  Fixture all(config_of("reptile", R"("inner_rate": 0.05)"));
  Fixture some(config_of("reptile", R"("inner_rate": 0.05, "inner_batch": 4)"));
  const auto moves = [](Fixture& f) {
    const Array before = f.logits(f.query);
    CHECK(difference(before, f.logits(f.query)) == 0);
    const Indices order{5, 4, 3, 2, 1, 0};
    f.support = kernel::gather(f.support, order);
    f.labels = {2, 1, 0, 2, 1, 0};
    return difference(before, f.logits(f.query)) > kClose;
  };
  CHECK(moves(all) != all.fresh.learner->claims().permutation_invariant);
  CHECK(moves(some) != some.fresh.learner->claims().permutation_invariant);
}

TEST_CASE("scores are the same bits at any thread count") {
  for (const std::string& kind : kKinds) {
    CAPTURE(kind);
    const auto pool = tiny_pool();
    const FreshLearner fresh(config_of(kind), input_shape(*pool));
    auto sampler = std::make_shared<EpisodeSampler>(*pool, classes_of_split(*pool, "train"),
                                                    EpisodeShape{3, 1, 4, false}, 3, "test");
    const Classification problem(
        fresh.learner, pool, [sampler](std::uint64_t n) { return (*sampler)(n); }, 3, nullptr, 0);
    const std::vector<std::uint64_t> numbers{0, 1, 2, 3, 4, 5, 6};
    set_threads(1);
    const auto one = (*problem.evaluator(fresh.params))(numbers);
    set_threads(4);
    const auto four = (*problem.evaluator(fresh.params))(numbers);
    set_threads(1);
    CHECK(one == four);
  }
}

TEST_CASE("each learns to adapt on a tiny pool") {
  struct Case {
    std::string kind, settings;
    int steps;
    double rate;
  };
  const std::vector<Case> cases = {{"anil", R"("inner_rate": 0.1)", 150, 0.02},
                                   {"fomaml", R"("inner_steps": 2)", 60, 0.1},
                                   {"maml", R"("inner_steps": 2)", 40, 0.1},
                                   {"meta_sgd", R"("inner_steps": 2)", 30, 0.1},
                                   {"reptile", R"("inner_rate": 0.002)", 50, 1}};
  REQUIRE(cases.size() == kKinds.size());
  for (const Case& one : cases) {
    CAPTURE(one.kind);
    const Progress found = progress(config_of(one.kind, one.settings), one.steps, one.rate);
    CHECK(found.after.at("loss") < 0.7 * found.before.at("loss"));
    CHECK(found.after.at("accuracy") > 0.9);
  }
}
