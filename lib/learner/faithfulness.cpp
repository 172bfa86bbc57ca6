#include "learner/faithfulness.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "array/parallel.hpp"
#include "array/product.hpp"
#include "statistics/rank_agreement.hpp"

namespace attune {
namespace {

using Order = std::vector<std::uint32_t>;  // support items, first to go first
using Row = std::vector<double>;

constexpr std::size_t kSteps = 4;         // of a deletion curve, beside the first item
constexpr double kResolution = 1e6;       // differences below its inverse are ties
constexpr std::size_t kRandomOrders = 2;  // per episode, shared by its queries

std::vector<Row> rows_of(const Array& x) {
  std::vector<Row> rows(x.dim(0), Row(x.dim(1)));
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < rows[r].size(); ++c)
      rows[r][c] = static_cast<double>(x.data()[r * rows[r].size() + c]);
  return rows;
}

std::vector<Row> probabilities(const Array& logits) {
  std::vector<Row> rows = rows_of(logits);
  for (Row& row : rows) {
    const double top = *std::ranges::max_element(row);
    double total = 0;
    for (double& value : row) total += value = std::exp(value - top);
    for (double& value : row) value /= total;
  }
  return rows;
}

std::size_t best(const Row& row) {
  return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
}

double distance(const Row& p, const Row& q) {  // total variation
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += std::abs(p[i] - q[i]);
  return sum / 2;
}

Row in_steps(Row values) {
  for (double& value : values) value = std::round(value * kResolution);
  return values;
}

// One episode under one set of weights.
class Measurement {
 public:
  Measurement(const Learner& learner, const Params& params, const Support& support,
              const Query& query, const Indices& query_labels, const Rng& rng)
      : learner_(learner),
        params_(params),
        support_(support),
        query_(query),
        truth_(query_labels),
        rng_(rng),
        items_(support.labels.size()),
        queries_(query_labels.size()) {
    check();
    Trace trace;
    Context context;
    const Array logits = learner_.logits(params_, support_, query_, context, &trace).value();
    if (trace.weights.rank() != 2 || trace.weights.dim(0) != queries_ ||
        trace.weights.dim(1) != items_)
      throw Error(
          "faithfulness: want a learner that says its attention over the support, have one that "
          "does not");
    weights_ = rows_of(trace.weights);
    whole_ = probabilities(logits);
    loss_ = static_cast<double>(cross_entropy(constant(logits), truth_).value().item());
  }

  MeasuredEpisode operator()() {
    MeasuredEpisode result;
    result.weights = weights_;
    Scores& s = result.scores;
    s["accuracy"] = accuracy(whole_);
    s["loss"] = loss_;
    for (const Row& row : weights_) s["effective"] += effective_number(row) / count(queries_);
    rank();
    for (std::uint32_t i = 0; i < items_; ++i) removed_.push_back(without({i}));
    one_item(removed_, s["delete_top"], s["delete_any"], s["tau_removal"]);
    std::vector<std::vector<Row>> swapped;
    for (std::uint32_t i = 0; i < items_; ++i) swapped.push_back(with_swapped_label(i));
    one_item(swapped, s["swap_top"], s["swap_any"], s["tau_swap"]);
    s["auc_attention"] = own_orders(by_attention_);
    s["auc_class"] = own_orders(by_class_);
    s["auc_random"] = random_orders();
    return result;
  }

 private:
  static double count(std::size_t n) { return static_cast<double>(n); }

  void check() const {
    std::vector<std::size_t> members(support_.ways);
    for (const std::uint32_t label : support_.labels) ++members.at(label);
    if (std::ranges::min(members) < 2)
      throw Error(
          "faithfulness: want at least 2 support items per class (shots), since one must stay, "
          "have 1");
  }

  bool right(std::size_t query, const Row& p) const { return best(p) == truth_[query]; }

  double accuracy(const std::vector<Row>& p) const {
    double sum = 0;
    for (std::size_t q = 0; q < queries_; ++q) sum += right(q, p[q]);
    return sum / count(queries_);
  }

  // Random orders, stably sorted, so that what is equal stays in random order.
  void rank() {
    for (std::size_t q = 0; q < queries_; ++q) {
      Order order(items_);
      std::iota(order.begin(), order.end(), 0);
      rng_.shuffle(order);
      const Row weight = in_steps(weights_[q]);
      const std::size_t answer = best(whole_[q]);
      by_class_.push_back(order);
      std::ranges::stable_partition(by_class_.back(),
                                    [&](auto i) { return support_.labels[i] == answer; });
      by_attention_.push_back(std::move(order));
      std::ranges::stable_sort(by_attention_.back(),
                               [&](auto i, auto j) { return weight[i] > weight[j]; });
    }
  }

  std::vector<Row> answers(const Support& support, const Query& query) const {
    Context context;
    return probabilities(learner_.logits(params_, support, query, context).value());
  }

  Support remaining(std::span<const std::uint32_t> gone) const {
    Indices kept, labels;
    for (std::uint32_t i = 0; i < items_; ++i) {
      if (std::ranges::find(gone, i) != gone.end()) continue;
      kept.push_back(i);
      labels.push_back(support_.labels[i]);
    }
    return {gather(support_.x, kept), labels, support_.ways};
  }

  std::vector<Row> without(const Order& gone) const { return answers(remaining(gone), query_); }

  std::vector<Row> with_swapped_label(std::uint32_t item) const {
    Support changed = support_;
    changed.labels[item] = static_cast<std::uint32_t>((changed.labels[item] + 1) % support_.ways);
    return answers(changed, query_);
  }

  // changed[i]: the answers after item i was changed.
  void one_item(const std::vector<std::vector<Row>>& changed, double& top, double& any,
                double& tau) const {
    top = any = tau = 0;
    for (std::size_t q = 0; q < queries_; ++q) {
      Row counts(items_);
      for (std::size_t i = 0; i < items_; ++i) {
        counts[i] = distance(whole_[q], changed[i][q]);
        any += right(q, changed[i][q]) / count(items_);
      }
      top += right(q, changed[by_attention_[q].front()][q]);
      tau += kendall_tau(in_steps(weights_[q]), in_steps(counts));
    }
    for (double* sum : {&top, &any, &tau}) *sum /= count(queries_);
  }

  // Of an order, those that may go: all but the last of each class.
  Order deletable(const Order& order) const {
    std::vector<std::size_t> left(support_.ways);
    for (const std::uint32_t label : support_.labels) ++left[label];
    Order result;
    for (const std::uint32_t i : order)
      if (left[support_.labels[i]]-- > 1) result.push_back(i);
    return result;
  }

  // How many items are gone at each point of a curve after the first item.
  std::vector<std::size_t> steps() const {
    const std::size_t most = items_ - support_.ways;
    std::vector<std::size_t> result;
    for (std::size_t step = 1; step <= kSteps; ++step) {
      const std::size_t gone = (step * most + kSteps / 2) / kSteps;
      if (gone > 1 && (result.empty() || result.back() < gone)) result.push_back(gone);
    }
    return result;
  }

  // Area under accuracy: whole support, one item gone, then at steps().
  double area(double start, double first, const Row& rest) const {
    const double most = count(items_ - support_.ways);
    double sum = (start + first) / 2, last = first, gone = 1;
    const auto at = steps();
    for (std::size_t i = 0; i < at.size(); ++i) {
      sum += (last + rest[i]) / 2 * (count(at[i]) - gone);
      last = rest[i];
      gone = count(at[i]);
    }
    return sum / most;
  }

  // Each query has an order of its own, and so a support of its own.
  double own_orders(const std::vector<Order>& orders) const {
    double first = 0;
    Row rest(steps().size());
    for (std::uint32_t q = 0; q < queries_; ++q) {
      const Order order = deletable(orders[q]);
      const Query query{gather(query_.x, {q})};
      first += right(q, removed_[order.front()][q]) / count(queries_);
      const auto at = steps();
      for (std::size_t i = 0; i < at.size(); ++i) {
        const Support left = remaining(std::span(order).first(at[i]));
        rest[i] += right(q, answers(left, query).front()) / count(queries_);
      }
    }
    return area(accuracy(whole_), first, rest);
  }

  double random_orders() {
    double sum = 0;
    for (std::size_t trial = 0; trial < kRandomOrders; ++trial) {
      Order order(items_);
      std::iota(order.begin(), order.end(), 0);
      rng_.shuffle(order);
      order = deletable(order);
      Row rest;
      for (const std::size_t gone : steps())
        rest.push_back(accuracy(without({order.begin(), order.begin() + std::ptrdiff_t(gone)})));
      sum += area(accuracy(whole_), accuracy(removed_[order.front()]), rest);
    }
    return sum / count(kRandomOrders);
  }

  const Learner& learner_;
  const Params& params_;
  const Support& support_;
  const Query& query_;
  const Indices& truth_;
  Rng rng_;
  std::size_t items_, queries_;
  double loss_ = 0;
  std::vector<Row> weights_, whole_;       // per query
  std::vector<std::vector<Row>> removed_;  // per item, per query
  std::vector<Order> by_attention_, by_class_;
};

const std::vector<std::string>& one_model() {
  static const std::vector<std::string> names{
      "accuracy",   "loss",       "effective", "auc_attention", "auc_random",  "auc_class",
      "delete_top", "delete_any", "swap_top",  "swap_any",      "tau_removal", "tau_swap"};
  return names;
}

// The first few queries of each class: rows of the pool and labels.
std::pair<std::vector<std::uint32_t>, Indices> measured(const Episode& episode, std::size_t ways,
                                                        std::size_t queries) {
  std::vector<std::size_t> seen(ways);
  std::pair<std::vector<std::uint32_t>, Indices> result;
  for (std::size_t i = 0; i < episode.query.size(); ++i) {
    if (seen.at(episode.query_labels[i])++ >= queries) continue;
    result.first.push_back(episode.query[i]);
    result.second.push_back(episode.query_labels[i]);
  }
  return result;
}

Params drawn_anew(const Learner& learner, std::uint64_t seed) {
  Params params;
  Rng rng(seed, "randomised");
  learner.init(params, rng);
  return params;
}

}  // namespace

std::vector<std::string> faithfulness_measures() {
  std::vector<std::string> names = one_model();
  for (const std::string& name : one_model()) names.push_back("random_" + name);
  names.push_back("tau_random");
  return names;
}

MeasuredEpisode measure_faithfulness(const Learner& learner, const Params& params,
                                     const Support& support, const Query& query,
                                     const Indices& query_labels, Rng rng) {
  const NoGrad scope;
  const RowsAlone alone;  // the answers that an evaluation gives
  return Measurement(learner, params, support, query, query_labels, rng)();
}

FaithfulnessEvaluator::FaithfulnessEvaluator(std::shared_ptr<const Learner> learner,
                                             std::shared_ptr<const Pool> pool,
                                             EpisodeSource episodes, std::size_t ways,
                                             Params params, FaithfulnessSettings settings)
    : learner_(learner),
      episodes_(std::move(episodes)),
      ways_(ways),
      settings_(settings),
      trained_(learner, pool, std::move(params)),
      random_(learner, pool, drawn_anew(*learner, settings.seed)) {}

std::vector<Scores> FaithfulnessEvaluator::operator()(std::span<const std::uint64_t> numbers) {
  std::vector<Episode> episodes;
  for (const std::uint64_t number : numbers) {
    episodes.push_back(episodes_(number));
    for (EncodedPool* pool : {&trained_, &random_}) {
      pool->encode(episodes.back().support);
      pool->encode(measured(episodes.back(), ways_, settings_.queries).first);
    }
  }
  std::vector<Scores> scores(numbers.size());
  kernel::parallel_for(numbers.size(),
                       [&](std::size_t i) { scores[i] = measure(episodes[i], numbers[i]); });
  return scores;
}

Scores FaithfulnessEvaluator::measure(const Episode& episode, std::uint64_t number) const {
  const auto [rows, labels] = measured(episode, ways_, settings_.queries);
  const auto of = [&](const EncodedPool& pool) {
    const NoGrad scope;
    return measure_faithfulness(
        *learner_, pool.params(),
        {constant(pool.features(episode.support)), episode.support_labels, ways_},
        {constant(pool.features(rows))}, labels, Rng(settings_.seed, "faithfulness", number));
  };
  MeasuredEpisode trained = of(trained_);
  const MeasuredEpisode random = of(random_);
  Scores scores = std::move(trained.scores);
  for (const auto& [name, value] : random.scores) scores["random_" + name] = value;
  for (std::size_t q = 0; q < labels.size(); ++q)
    scores["tau_random"] += kendall_tau(in_steps(trained.weights[q]), in_steps(random.weights[q])) /
                            static_cast<double>(labels.size());
  return scores;
}

}  // namespace attune
