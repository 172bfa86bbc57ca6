#include "learner/classification_evaluator.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "base/error.hpp"
#include "learner/tiny_pool.hpp"

using namespace attune;

namespace {

constexpr std::size_t kWays = 3;

struct Fixture {
  std::shared_ptr<Pool> pool = tiny_pool();
  std::shared_ptr<const Learner> learner;
  Params params;
  Episode episode;

  Fixture()
      : learner(LearnerRegistry::make(
            Config::parse(R"({"encoder": {"kind": "conv4", "filters": 16, "blocks": 2}})", "test"),
            "prototypical", input_shape(*pool))) {
    Rng rng(2, "init");
    learner->init(params, rng);
    episode =
        EpisodeSampler(*pool, classes_of_split(*pool, "train"), {kWays, 2, 4, false}, 3, "test")(0);
  }
  ClassificationTest test(Mode mode, const Episode& one) const {
    return {learner, pool, [one](std::uint64_t) { return one; }, kWays, mode};
  }
  double loss(Mode mode, const Episode& one) const {
    const std::uint64_t numbers[] = {0};
    return (*classification_evaluator(test(mode, one), params))(numbers)[0].at("loss");
  }
};

}  // namespace

TEST_CASE("transductive: all of an episode's examples share their batch statistics") {
  const Fixture f;
  std::vector<std::uint32_t> rows = f.episode.support;
  rows.insert(rows.end(), f.episode.query.begin(), f.episode.query.end());
  Context context;
  context.mode = Mode::transductive;
  const Var all = f.learner->encode(f.params, constant(pool_rows(*f.pool, rows)), context);
  const std::size_t s = f.episode.support.size();
  const Var logits =
      f.learner->logits(f.params, {slice(all, 0, 0, s), f.episode.support_labels, kWays},
                        {slice(all, 0, s, rows.size())}, context);
  const double want =
      static_cast<double>(cross_entropy(logits, f.episode.query_labels).value().item());
  CHECK(f.loss(Mode::transductive, f.episode) == doctest::Approx(want));
  CHECK(f.loss(Mode::evaluate, f.episode) != doctest::Approx(want));
}

TEST_CASE("the company of other queries matters in transductive evaluation alone") {
  const Fixture f;
  // The mean loss of two copies of the queries is that of one, if none heeds the others' number;
  // one query alone is answered as among the others, if it doesn't heed them.
  Episode first = f.episode;
  first.query.resize(1);
  first.query_labels.resize(1);
  for (const Mode mode : {Mode::evaluate, Mode::transductive}) {
    double sum = 0;
    for (std::size_t q = 0; q < f.episode.query.size(); ++q) {
      Episode alone = first;
      alone.query[0] = f.episode.query[q];
      alone.query_labels[0] = f.episode.query_labels[q];
      sum += f.loss(mode, alone);
    }
    const double apart = sum / static_cast<double>(f.episode.query.size());
    const bool same = apart == doctest::Approx(f.loss(mode, f.episode)).epsilon(1e-4);
    CHECK(same == (mode == Mode::evaluate));
  }
}

TEST_CASE("every answer is counted in the calibration, right ones as the accuracy says") {
  const Fixture f;
  auto sampler = std::make_shared<EpisodeSampler>(*f.pool, classes_of_split(*f.pool, "train+val"),
                                                  EpisodeShape{kWays, 2, 4, false}, 8, "eval");
  ClassificationTest test = f.test(Mode::evaluate, f.episode);
  test.episodes = [sampler](std::uint64_t n) { return (*sampler)(n); };
  const auto evaluator = classification_evaluator(test, f.params);
  double right = 0;
  for (const std::uint64_t first : {0, 3}) {
    const std::vector<std::uint64_t> numbers{first, first + 1, first + 2};
    for (const Scores& scores : (*evaluator)(numbers)) right += 12 * scores.at("accuracy");
  }
  const Calibration* calibration = evaluator->calibration();
  REQUIRE(calibration);
  CHECK(calibration->count() == 6 * 12);
  double counted = 0;
  for (const Calibration::Bin& bin : calibration->bins()) {
    counted += static_cast<double>(bin.right);
    CHECK(bin.confidence <= static_cast<double>(bin.count));
  }
  CHECK(counted == doctest::Approx(right));
  CHECK(calibration->bins()[3].count == 0);  // the most probable of three is at least 1/3
}

TEST_CASE("a model that answers NaN is an error, not an answer") {
  Fixture f;
  f.params.change([](std::size_t i, const std::string&, Array& value) {
    if (i == 0) value.mutable_data()[0] = std::numeric_limits<Real>::quiet_NaN();
  });
  const std::uint64_t numbers[] = {0};
  for (const Mode mode : {Mode::evaluate, Mode::transductive})
    CHECK_THROWS_WITH_AS((*classification_evaluator(f.test(mode, f.episode), f.params))(numbers),
                         doctest::Contains("want logits of classes, have NaN"), Error);
  Array logits = Array::zeros({2, 3});
  logits.mutable_data()[4] = 1;
  CHECK(answers_of(logits) == Indices{0, 1});
  logits.mutable_data()[0] = std::numeric_limits<Real>::quiet_NaN();
  CHECK_THROWS_AS(answers_of(logits), Error);
}
