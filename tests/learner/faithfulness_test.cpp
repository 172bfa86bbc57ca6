// The measures of faithfulness against closed forms, at their top and at chance.
#include "learner/faithfulness.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "array/parallel.hpp"
#include "learner/tiny_pool.hpp"
#include "random_array.hpp"
#include "statistics/interval.hpp"

using namespace attune;

namespace {

constexpr std::size_t kWays = 3, kShots = 3, kItems = kWays * kShots, kFeatures = 4, kQueries = 3;
constexpr double kClose = sizeof(Real) == 8 ? 1e-9 : 1e-4;

enum class Says { truth, anything, uniform, nothing };

// Each item gives the share a = 0.1·exp(−|q−x|²/4) of an answer to its own class and nothing else;
// what is left is spread over all classes. The items don't compete, so that a is all there is to
// know of an item: without it the answer moves by a·(1−1/N). With `share` the items do compete:
// the weights are a / Σa, and the answer Σ of the weights of each class.
class KnownReason : public Learner {
 public:
  KnownReason(Says says, bool share) : says_(says), share_(share) {}
  void init(Params&, Rng&) const override {}
  Var encode(const Params&, const Var& x, Context&) const override { return x; }
  Var logits(const Params&, const Support& support, const Query& query, Context&,
             Trace* trace) const override {
    const std::size_t s = support.labels.size(), q = query.x.shape()[0];
    Array log_p(Shape{q, support.ways}), weights(Shape{q, s});
    for (std::size_t i = 0; i < q; ++i) {
      const auto a = evidence(support.x.value(), query.x.value(), i);
      const double total = std::accumulate(a.begin(), a.end(), 0.0);
      std::vector<double> p(support.ways,
                            share_ ? 0 : (1 - total) / static_cast<double>(support.ways));
      for (std::size_t k = 0; k < s; ++k) p[support.labels[k]] += share_ ? a[k] / total : a[k];
      for (std::size_t n = 0; n < p.size(); ++n)
        log_p.mutable_data()[i * p.size() + n] = static_cast<Real>(std::log(p[n]));
      for (std::size_t k = 0; k < s; ++k)
        weights.mutable_data()[i * s + k] = static_cast<Real>(said(a[k] / total, s));
    }
    if (trace && says_ != Says::nothing) trace->weights = weights;
    return constant(log_p);
  }

 private:
  static std::vector<double> evidence(const Array& x, const Array& queries, std::size_t q) {
    std::vector<double> a(x.dim(0));
    for (std::size_t k = 0; k < a.size(); ++k) {
      double length = 0;
      for (std::size_t d = 0; d < kFeatures; ++d) {
        const double gap = static_cast<double>(x.data()[k * kFeatures + d]) -
                           static_cast<double>(queries.data()[q * kFeatures + d]);
        length += gap * gap;
      }
      a[k] = 0.1 * std::exp(-length / 4);
    }
    return a;
  }
  double said(double truth, std::size_t items) const {
    if (says_ == Says::truth) return truth;
    return says_ == Says::uniform ? 1 / static_cast<double>(items) : noise_.uniform();
  }
  Says says_;
  bool share_;
  mutable Rng noise_{5, "noise"};
};

// Support in three clusters and one query near each.
struct Task {
  Array x{Shape{kItems, kFeatures}}, q{Shape{kQueries, kFeatures}};
  Indices labels, truth;

  explicit Task(std::uint64_t number) {
    Rng rng(9, "task", number);
    for (std::uint32_t n = 0; n < kWays; ++n) {
      double centre[kFeatures];
      for (double& value : centre) value = rng.normal() * 0.5;
      for (std::size_t k = 0; k <= kShots; ++k)
        for (std::size_t d = 0; d < kFeatures; ++d) {
          const auto value = static_cast<Real>(centre[d] + rng.normal() * 0.6);
          if (k < kShots) {
            x.mutable_data()[(n * kShots + k) * kFeatures + d] = value;
          } else {
            q.mutable_data()[n * kFeatures + d] = value;
          }
        }
      labels.insert(labels.end(), kShots, n);
      truth.push_back(n);
    }
  }
};

MeasuredEpisode measure(const Learner& learner, std::uint64_t number) {
  const Task task(number);
  return measure_faithfulness(learner, {}, {constant(task.x), task.labels, kWays},
                              {constant(task.q)}, task.truth, Rng(1, "test", number));
}

// A difference of two measures over many episodes, in standard errors of its mean.
double standard_errors(const Learner& learner, const std::string& more, const std::string& less) {
  std::vector<double> values;
  for (std::uint64_t e = 0; e < 300; ++e) {
    const Scores scores = measure(learner, e).scores;
    values.push_back(scores.at(more) - (less.empty() ? 0 : scores.at(less)));
  }
  const Interval interval = mean_interval(values, 0.6827);
  return interval.mean / interval.half_width;
}

double tau(const std::vector<double>& a, const std::vector<double>& b) {
  double agree = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) agree += (a[i] - a[j]) * (b[i] - b[j]) > 0 ? 1 : -1;
  return agree / (static_cast<double>(a.size() * (a.size() - 1)) / 2);
}

// Weights w with labels as values: answers without some items, from the weights alone.
std::vector<double> left_over(const std::vector<double>& w, const std::vector<bool>& gone) {
  std::vector<double> p(kWays);
  double total = 0;
  for (std::size_t i = 0; i < kItems; ++i) total += gone[i] ? 0 : w[i];
  for (std::size_t i = 0; i < kItems; ++i) p[i / kShots] += gone[i] ? 0 : w[i] / total;
  return p;
}

}  // namespace

TEST_CASE("attention that is exactly the reason scores at the top") {
  const KnownReason exact(Says::truth, false);
  for (std::uint64_t e = 0; e < 40; ++e) {
    const Scores scores = measure(exact, e).scores;
    CHECK(scores.at("tau_removal") > 0.99);
    CHECK(scores.at("tau_swap") > 0.99);
  }
  CHECK(standard_errors(exact, "auc_random", "auc_attention") > 5);
  CHECK(standard_errors(exact, "delete_any", "delete_top") > 3);
  CHECK(standard_errors(exact, "swap_any", "swap_top") > 5);
}

TEST_CASE("weights drawn at random score at chance") {
  const KnownReason random(Says::anything, false);
  CHECK(std::abs(standard_errors(random, "tau_removal", "")) < 3);
  CHECK(std::abs(standard_errors(random, "tau_swap", "")) < 3);
  CHECK(std::abs(standard_errors(random, "auc_random", "auc_attention")) < 3);
  CHECK(std::abs(standard_errors(random, "delete_any", "delete_top")) < 3);
  CHECK(std::abs(standard_errors(random, "swap_any", "swap_top")) < 3);
}

TEST_CASE("uniform attention ranks nothing: its order is random, its agreement 0") {
  const KnownReason uniform(Says::uniform, false);
  const Scores scores = measure(uniform, 0).scores;
  CHECK(scores.at("tau_removal") == 0);
  CHECK(scores.at("tau_swap") == 0);
  CHECK(scores.at("effective") == doctest::Approx(kItems));
  CHECK(std::abs(standard_errors(uniform, "auc_random", "auc_attention")) < 3);
}

TEST_CASE("labels as values: every measure is what the weights alone give") {
  const KnownReason cross(Says::truth, true);
  for (std::uint64_t e = 0; e < 20; ++e) {
    const MeasuredEpisode have = measure(cross, e);
    double removal = 0, swap = 0, area = 0, top = 0, any = 0;
    for (std::size_t q = 0; q < kQueries; ++q) {
      const std::vector<double>& w = have.weights[q];
      const auto right = [&](const std::vector<bool>& gone) {
        const auto p = left_over(w, gone);
        return double(std::size_t(std::ranges::max_element(p) - p.begin()) == q);
      };
      const auto p = left_over(w, std::vector<bool>(kItems));
      std::vector<double> moved;
      for (std::size_t i = 0; i < kItems; ++i)
        moved.push_back(w[i] * (1 - p[i / kShots]) / (1 - w[i]));
      removal += tau(w, moved) / kQueries;
      swap += 1.0 / kQueries;
      // Most attended first, one of each class staying.
      std::vector<std::size_t> order(kItems), left(kWays, kShots);
      std::iota(order.begin(), order.end(), 0);
      std::ranges::sort(order, [&](auto i, auto j) { return w[i] > w[j]; });
      std::vector<bool> gone(kItems), one(kItems);
      one[order[0]] = true;
      top += right(one) / kQueries;
      for (std::size_t i = 0; i < kItems; ++i) {
        std::vector<bool> without(kItems);
        without[i] = true;
        any += right(without) / (kQueries * kItems);
      }
      std::vector<double> curve{right(gone)};
      for (const std::size_t i : order) {
        if (left[i / kShots] == 1) continue;
        --left[i / kShots];
        gone[i] = true;
        curve.push_back(right(gone));
      }
      REQUIRE(curve.size() == 7);  // measured at 0, 1, 2, 3, 5 and 6 of 6
      area += ((curve[0] + curve[1]) / 2 + (curve[1] + curve[2]) / 2 + (curve[2] + curve[3]) / 2 +
               (curve[3] + curve[5]) + (curve[5] + curve[6]) / 2) /
              6 / kQueries;
    }
    CHECK(have.scores.at("tau_removal") == doctest::Approx(removal).epsilon(0.03));
    CHECK(have.scores.at("tau_swap") == doctest::Approx(swap).epsilon(0.03));
    CHECK(have.scores.at("delete_top") == doctest::Approx(top).epsilon(kClose));
    CHECK(have.scores.at("delete_any") == doctest::Approx(any).epsilon(kClose));
    CHECK(have.scores.at("auc_attention") == doctest::Approx(area).epsilon(kClose));
  }
}

TEST_CASE("what can't be measured is refused") {
  CHECK_THROWS_AS(measure(KnownReason(Says::nothing, true), 0), Error);
  const Task task(0);
  const Indices one_each{0, 1, 2};
  const KnownReason cross(Says::truth, true);
  CHECK_THROWS_AS(
      measure_faithfulness(cross, {}, {gather(constant(task.x), {0, 3, 6}), one_each, 3},
                           {constant(task.q)}, task.truth, Rng(1, "test")),
      Error);
}

TEST_CASE("an evaluator measures trained and randomised weights, alike at any thread count") {
  const auto pool = tiny_pool();
  const Config config = Config::parse(
      R"({"kind": "matching", "encoder": {"kind": "conv4", "filters": 16, "blocks": 2}})", "test");
  const std::shared_ptr<const Learner> learner =
      LearnerRegistry::make(config, "matching", input_shape(*pool));
  Params params;
  Rng rng(2, "init");
  learner->init(params, rng);
  const auto sampler = std::make_shared<EpisodeSampler>(*pool, classes_of_split(*pool, "train"),
                                                        EpisodeShape{3, 2, 4, false}, 3, "test");
  const EpisodeSource source = [sampler](std::uint64_t number) { return (*sampler)(number); };
  std::vector<std::vector<Scores>> results;
  for (const int threads : {1, 2}) {
    set_threads(threads);
    FaithfulnessEvaluator evaluator(learner, pool, source, 3, params, {2, 7});
    const std::uint64_t numbers[] = {0, 1, 2, 3}, last[] = {3};
    results.push_back(evaluator(numbers));
    CHECK(evaluator(last).front() == results.back().back());
  }
  set_threads(1);
  CHECK(results[0] == results[1]);
  for (const std::string& name : faithfulness_measures()) {
    CAPTURE(name);
    REQUIRE(results[0][0].contains(name));
    CHECK(std::isfinite(results[0][0].at(name)));
  }
  CHECK(results[0][0].size() == faithfulness_measures().size());
  CHECK(results[0][0].at("tau_random") != 1);
}
