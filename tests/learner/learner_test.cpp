#include "learner/learner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "array/parallel.hpp"
#include "array/product.hpp"
#include "learner/classification.hpp"
#include "learner/encoded_pool.hpp"
#include "learner/tiny_pool.hpp"
#include "random_array.hpp"

using namespace attune;

namespace {

constexpr std::size_t kWays = 3, kShots = 2, kQueries = 4;
constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 1e-4;

Config config_of(const std::string& kind) {
  if (wants_text(kind))
    return Config::parse(
        "{\"kind\": \"" + kind +
            "\", \"embedding\": {\"features\": 16, \"unknown\": 0, \"dropout\": 0}}",
        "test");
  return Config::parse(
      "{\"kind\": \"" + kind +
          "\", \"encoder\": {\"kind\": \"conv4\", \"filters\": 16, \"blocks\": 2}}",
      "test");
}

struct Fixture {
  std::shared_ptr<Pool> pool;
  std::shared_ptr<const Learner> learner;
  Params params;
  Episode episode;

  explicit Fixture(const std::string& kind)
      : pool(pool_for(kind)),
        learner(LearnerRegistry::make(config_of(kind), "matching", shape_of(*pool))) {
    Rng rng(2, "init");
    learner->init(params, rng);
    episode = EpisodeSampler(*pool, classes_of_split(*pool, "train"),
                             {kWays, kShots, kQueries, false}, 3, "test")(0);
  }
  Array encode(const std::vector<std::uint32_t>& rows) const {
    Context context;
    return learner->encode(params, constant(pool_rows(*pool, rows)), context).value();
  }
  Array logits(const std::vector<std::uint32_t>& support, const Indices& labels,
               const std::vector<std::uint32_t>& query) const {
    Context context;
    return learner
        ->logits(params, {constant(encode(support)), labels, kWays}, {constant(encode(query))},
                 context)
        .value();
  }
};

std::vector<std::uint32_t> reordered(const std::vector<std::uint32_t>& items,
                                     const Indices& order) {
  std::vector<std::uint32_t> result;
  for (std::uint32_t i : order) result.push_back(items[i]);
  return result;
}

std::shared_ptr<Classification> problem_of(const Fixture& f, std::uint32_t queries = kQueries) {
  auto sampler =
      std::make_shared<EpisodeSampler>(*f.pool, classes_of_split(*f.pool, "train"),
                                       EpisodeShape{kWays, kShots, queries, false}, 3, "test");
  return std::make_shared<Classification>(
      f.learner, f.pool, [sampler](std::uint64_t n) { return (*sampler)(n); }, kWays, nullptr, 0);
}

}  // namespace

TEST_CASE("relabelling the classes permutes the logits") {
  for (const std::string& kind : LearnerRegistry::names()) {
    CAPTURE(kind);
    const Fixture f(kind);
    const Array before = f.logits(f.episode.support, f.episode.support_labels, f.episode.query);
    const Indices rename{2, 0, 1};
    Indices labels;
    for (std::uint32_t label : f.episode.support_labels) labels.push_back(rename[label]);
    const Array after = f.logits(f.episode.support, labels, f.episode.query);
    double most = 0;
    for (std::size_t i = 0; i < before.dim(0); ++i)
      for (std::size_t n = 0; n < kWays; ++n)
        most = std::max(most, std::abs(double(after.data()[i * kWays + rename[n]]) -
                                       double(before.data()[i * kWays + n])));
    CHECK((most < 10 * kClose) == f.learner->claims().label_equivariant);
  }
}

TEST_CASE("claims: permutation-invariant in the support, inductive in the queries") {
  for (const std::string& kind : LearnerRegistry::names()) {
    CAPTURE(kind);
    const Fixture f(kind);
    const Array before = f.logits(f.episode.support, f.episode.support_labels, f.episode.query);
    Indices order(f.episode.support.size());
    std::iota(order.begin(), order.end(), 0u);
    std::rotate(order.begin(), order.begin() + 1, order.end());
    const Array moved = f.logits(reordered(f.episode.support, order),
                                 reordered(f.episode.support_labels, order), f.episode.query);
    const std::vector<std::uint32_t> some(f.episode.query.begin(), f.episode.query.begin() + 5);
    const Array fewer = f.logits(f.episode.support, f.episode.support_labels, some);
    double moved_by = 0, queries_matter = 0;
    for (std::size_t i = 0; i < before.size(); ++i)
      moved_by = std::max(moved_by, std::abs(double(before.data()[i]) - double(moved.data()[i])));
    for (std::size_t i = 0; i < fewer.size(); ++i)
      queries_matter =
          std::max(queries_matter, std::abs(double(before.data()[i]) - double(fewer.data()[i])));
    CHECK((moved_by < 1e-3) == f.learner->claims().permutation_invariant);
    CHECK((queries_matter < 1e-3) == f.learner->claims().inductive);
  }
}

TEST_CASE("features and answers have the same bits alone, in any company and in any order") {
  for (const std::string& kind : LearnerRegistry::names()) {
    CAPTURE(kind);
    const Fixture f(kind);
    std::vector<std::uint32_t> rows;  // more than any kernel's tile
    for (std::uint32_t i = 0; i < 37; ++i) rows.push_back((7 * i) % 80);
    EncodedPool together(f.learner, f.pool, f.params);
    set_threads(2);
    together.encode(rows);
    together.encode(f.episode.support);
    set_threads(1);
    const auto answer = [&](std::span<const std::uint32_t> query) {
      const RowsAlone alone;
      Context context;
      const Support support{constant(together.features(f.episode.support)),
                            f.episode.support_labels, kWays};
      return f.learner->logits(f.params, support, {constant(together.features(query))}, context)
          .value();
    };
    const Array all = answer(rows);
    std::vector<std::uint32_t> backwards(rows.rbegin(), rows.rend());
    const Array reversed = answer(backwards);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::span one(&rows[i], 1);
      EncodedPool apart(f.learner, f.pool, f.params);
      apart.encode(one);
      const Array here = together.features(one), there = apart.features(one);
      CHECK(std::ranges::equal(here.values(), there.values()));
      if (!f.learner->claims().inductive) continue;
      const Array single = answer(one);
      const auto same = [&](const Array& among, std::size_t place) {
        return std::ranges::equal(among.values().subspan(place * kWays, kWays), single.values());
      };
      CHECK(same(all, i));
      CHECK(same(reversed, rows.size() - 1 - i));
    }
  }
}

TEST_CASE("trained learners overfit one episode; floors have no weights") {
  for (const std::string& kind : LearnerRegistry::names()) {
    CAPTURE(kind);
    Fixture f(kind);
    if (!f.learner->claims().trained) {
      CHECK(f.params.weights().empty());
      continue;
    }
    const auto problem = problem_of(f);
    const std::uint64_t numbers[] = {0};
    // A difference of weights is a step already.
    const Real rate = f.learner->claims().order == 0 ? Real(1) : Real(0.1);
    Params params = f.params;
    double loss = 0, first = 0;
    for (int step = 0; step < 80; ++step) {
      Context context;
      context.mode = Mode::train;
      const Step result = problem->gradients(params, numbers, context);
      loss = result.loss;
      if (step == 0) first = loss;
      Vars weights;
      const Vars old = params.weights();
      for (std::size_t i = 0; i < old.size(); ++i)
        weights.push_back(
            leaf(kernel::sub(old[i].value(), kernel::scale(result.gradients[i], rate))));
      params = params.with(weights);
    }
    CHECK(loss < 0.05);
    CHECK(loss < first);
  }
}

TEST_CASE("gradients are the same bits again and at any thread count") {
  for (const std::string& kind : LearnerRegistry::names()) {
    CAPTURE(kind);
    const Fixture f(kind);
    const auto problem = problem_of(f);
    const std::uint64_t numbers[] = {4, 9};
    const auto run = [&](int count) {
      set_threads(count);
      Context context;
      context.mode = Mode::train;
      return problem->gradients(f.params, numbers, context);
    };
    const Step one = run(1), again = run(1), two = run(2);
    CHECK(one.loss == again.loss);
    CHECK(one.loss == two.loss);
    for (std::size_t i = 0; i < one.gradients.size(); ++i)
      for (std::size_t j = 0; j < one.gradients[i].size(); ++j)
        if (one.gradients[i].data()[j] != again.gradients[i].data()[j] ||
            one.gradients[i].data()[j] != two.gradients[i].data()[j])
          FAIL("gradient " << i << " value " << j << " differs");
  }
}

TEST_CASE("the evaluator's encoded-once scores equal scoring each episode by itself") {
  for (const std::string& kind : LearnerRegistry::names()) {
    CAPTURE(kind);
    const Fixture f(kind);
    auto sampler =
        std::make_shared<EpisodeSampler>(*f.pool, classes_of_split(*f.pool, "train+val"),
                                         EpisodeShape{kWays, kShots, kQueries, false}, 8, "eval");
    const Classification problem(
        f.learner, f.pool, [sampler](std::uint64_t n) { return (*sampler)(n); }, kWays, nullptr, 0);
    const std::vector<std::uint64_t> numbers{0, 1, 2, 3, 4, 5};
    const auto evaluator = problem.evaluator(f.params);
    const auto scores = (*evaluator)(numbers);
    REQUIRE(scores.size() == numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const Episode e = (*sampler)(numbers[i]);
      const Array logits = f.logits(e.support, e.support_labels, e.query);
      double right = 0, loss = 0;
      for (std::size_t q = 0; q < e.query.size(); ++q) {
        const Real* row = logits.data() + q * kWays;
        double total = 0;
        for (std::size_t n = 0; n < kWays; ++n) total += std::exp(double(row[n]) - double(row[0]));
        loss -= double(row[e.query_labels[q]]) - double(row[0]) - std::log(total);
        right += std::max_element(row, row + kWays) - row == std::ptrdiff_t(e.query_labels[q]);
      }
      const double count = static_cast<double>(e.query.size());
      CHECK(scores[i].at("accuracy") == doctest::Approx(right / count));
      CHECK(scores[i].at("loss") == doctest::Approx(loss / count).epsilon(1e-3));
    }
  }
}

TEST_CASE("nearest neighbour equals brute force over pixels") {
  const Fixture f("nearest_neighbour");
  const Array logits = f.logits(f.episode.support, f.episode.support_labels, f.episode.query);
  for (std::size_t q = 0; q < f.episode.query.size(); ++q) {
    std::array<double, kWays> best{};
    best.fill(1e300);
    for (std::size_t s = 0; s < f.episode.support.size(); ++s) {
      double distance = 0;
      for (std::size_t p = 0; p < 64; ++p) {
        const double d = (double(f.pool->pixels[f.episode.query[q] * 64 + p]) -
                          double(f.pool->pixels[f.episode.support[s] * 64 + p])) /
                         255;
        distance += d * d;
      }
      double& cell = best[f.episode.support_labels[s]];
      cell = std::min(cell, distance);
    }
    for (std::size_t n = 0; n < kWays; ++n)
      CHECK(double(logits.data()[q * kWays + n]) == doctest::Approx(-best[n]).epsilon(1e-3));
  }
}

TEST_CASE("a prototype of one shot is the matching network's key") {
  // With K = 1 both learners score each query against the same features (Snell et al. 2017, §2.7).
  const std::string score =
      "\"score\": {\"kind\": \"squared_euclidean\"}, \"encoder\": {\"kind\": \"conv4\", "
      "\"filters\": 16, \"blocks\": 2}";
  const auto pool = tiny_pool();
  const auto matching =
      LearnerRegistry::make(Config::parse("{\"kind\": \"matching\", \"attention\": {" +
                                              score.substr(0, score.find(", \"enc")) + "}, " +
                                              score.substr(score.find("\"enc")) + "}",
                                          "m"),
                            "", input_shape(*pool));
  const auto prototypical = LearnerRegistry::make(
      Config::parse("{\"kind\": \"prototypical\", " + score + "}", "p"), "", input_shape(*pool));
  Params params;
  Rng rng(1, "init");
  matching->init(params, rng);
  const Episode e =
      EpisodeSampler(*pool, classes_of_split(*pool, "test"), {2, 1, 3, false}, 1, "one-shot")(0);
  Context context;
  const Support support{matching->encode(params, constant(pool_rows(*pool, e.support)), context),
                        e.support_labels, 2};
  const Query query{matching->encode(params, constant(pool_rows(*pool, e.query)), context)};
  const Array a = matching->logits(params, support, query, context).value();
  const Array b = log_softmax(prototypical->logits(params, support, query, context)).value();
  for (std::size_t i = 0; i < a.size(); ++i)
    CHECK(double(a.data()[i]) == doctest::Approx(double(b.data()[i])).epsilon(kClose));
}

TEST_CASE("partitions: the loss is the mean over episodes in which others of a class support it") {
  const Fixture f("prototypical");
  const auto sampler =
      std::make_shared<EpisodeSampler>(*f.pool, classes_of_split(*f.pool, "train"),
                                       EpisodeShape{kWays, kShots, kQueries, false}, 3, "test");
  const std::uint64_t numbers[] = {7};
  const auto run = [&](const EpisodeSource& source, std::size_t partitions) {
    Classification problem(f.learner, f.pool, source, kWays, nullptr, 0, partitions);
    Context context;
    context.mode = Mode::train;
    return problem.gradients(f.params, numbers, context);
  };
  const Step together = run([&](std::uint64_t n) { return (*sampler)(n); }, 3);
  std::set<std::uint32_t> supports;
  double loss = 0;
  std::vector<double> gradient(together.gradients[0].size());
  for (std::size_t p = 0; p < 3; ++p) {
    const Step alone = run(
        [&](std::uint64_t number) {
          Episode e = (*sampler)(number);
          for (std::size_t n = 0; n < kWays; ++n) {
            std::vector<std::uint32_t> all(e.support.begin() + std::ptrdiff_t(n * kShots),
                                           e.support.begin() + std::ptrdiff_t((n + 1) * kShots));
            all.insert(all.end(), e.query.begin() + std::ptrdiff_t(n * kQueries),
                       e.query.begin() + std::ptrdiff_t((n + 1) * kQueries));
            std::rotate(all.begin(), all.begin() + std::ptrdiff_t(p * kShots), all.end());
            std::copy_n(all.begin(), kShots, e.support.begin() + std::ptrdiff_t(n * kShots));
            std::copy_n(all.begin() + kShots, kQueries,
                        e.query.begin() + std::ptrdiff_t(n * kQueries));
          }
          supports.insert(e.support.begin(), e.support.end());
          return e;
        },
        1);
    loss += alone.loss / 3;
    for (std::size_t i = 0; i < gradient.size(); ++i)
      gradient[i] += double(alone.gradients[0].data()[i]) / 3;
  }
  CHECK(supports.size() == kWays * (kShots + kQueries));  // each example had its turn
  CHECK(together.loss == doctest::Approx(loss).epsilon(kClose));
  for (std::size_t i = 0; i < gradient.size(); ++i)
    CHECK(double(together.gradients[0].data()[i]) ==
          doctest::Approx(gradient[i]).epsilon(1e3 * kClose).scale(0.1));
}

TEST_CASE("a prototype is the mean of its class, of as many items as there are") {
  const auto pool = tiny_pool();
  const auto learner = LearnerRegistry::make(
      Config::parse(
          R"({"kind": "prototypical", "score": {"kind": "dot"}, "encoder": {"blocks": 2}})", "p"),
      "", input_shape(*pool));
  // Means (2,1) of two items and (1,2) of three; queries (1,1) and (2,-1).
  const Array support = Array::of({5, 2}, {1, 0, 3, 2, 0, 4, 2, 0, 1, 2});
  const Array query = Array::of({2, 2}, {1, 1, 2, -1});
  Context context;
  const Array logits =
      learner->logits({}, {constant(support), {0, 0, 1, 1, 1}, 2}, {constant(query)}, context)
          .value();
  const double want[] = {3, 3, 3, 0};
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(double(logits.data()[i]) == doctest::Approx(want[i]).epsilon(kClose));
}
