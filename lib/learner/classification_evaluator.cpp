#include "learner/classification_evaluator.hpp"

#include <algorithm>
#include <cmath>

#include "array/parallel.hpp"
#include "array/product.hpp"
#include "base/error.hpp"
#include "learner/encoded_pool.hpp"

namespace attune {
namespace {

struct Answered {
  Scores scores;
  Calibration calibration;
};

}  // namespace

Indices answers_of(const Array& logits) {
  if (std::ranges::any_of(logits.values(), [](Real value) { return std::isnan(value); }))
    throw Error("model: want logits of classes, have NaN: its weights are broken");
  return kernel::argmax_last(logits);
}

namespace {

class ClassificationEvaluator : public Evaluator {
 public:
  explicit ClassificationEvaluator(const ClassificationTest& test) : test_(test) {}

  std::vector<Scores> operator()(std::span<const std::uint64_t> numbers) override {
    std::vector<Episode> episodes;
    episodes.reserve(numbers.size());
    for (std::uint64_t number : numbers) episodes.push_back(test_.episodes(number));
    prepare(episodes);
    std::vector<Answered> answered(numbers.size());
    kernel::parallel_for(numbers.size(), [&](std::size_t i) { answered[i] = answer(episodes[i]); });
    std::vector<Scores> scores;
    for (Answered& one : answered) {
      scores.push_back(std::move(one.scores));
      calibration_ += one.calibration;
    }
    return scores;
  }
  const Calibration* calibration() const override { return &calibration_; }

 protected:
  // What all these episodes need, before they are answered side by side.
  virtual void prepare(const std::vector<Episode>& episodes) = 0;
  virtual const Params& params() const = 0;
  // (S,D), (Q,D)
  virtual std::pair<Array, Array> features(const Episode& episode) const = 0;
  const ClassificationTest& test() const { return test_; }

 private:
  Answered answer(const Episode& episode) const {
    const NoGrad scope;
    const RowsAlone alone(test_.mode == Mode::evaluate);
    Context context;
    context.mode = test_.mode;
    auto [support, query] = features(episode);
    const Var logits =
        test_.learner->logits(params(), {constant(support), episode.support_labels, test_.ways},
                              {constant(query)}, context);
    const Indices predicted = answers_of(logits.value());
    const Array p = kernel::softmax(logits.value());
    Answered result;
    std::size_t right = 0;
    for (std::size_t i = 0; i < predicted.size(); ++i) {
      const bool hit = predicted[i] == episode.query_labels[i];
      right += hit;
      result.calibration.add(static_cast<double>(p.data()[i * test_.ways + predicted[i]]), hit);
    }
    result.scores = {
        {"accuracy", static_cast<double>(right) / static_cast<double>(predicted.size())},
        {"loss", static_cast<double>(cross_entropy(logits, episode.query_labels).value().item())}};
    return result;
  }

  ClassificationTest test_;
  Calibration calibration_;
};

class Inductive : public ClassificationEvaluator {
 public:
  Inductive(const ClassificationTest& test, Params params)
      : ClassificationEvaluator(test), pool_(test.learner, test.pool, std::move(params)) {}

 protected:
  void prepare(const std::vector<Episode>& episodes) override {
    for (const Episode& episode : episodes) {
      pool_.encode(episode.support);
      pool_.encode(episode.query);
    }
  }
  const Params& params() const override { return pool_.params(); }
  std::pair<Array, Array> features(const Episode& episode) const override {
    return {pool_.features(episode.support), pool_.features(episode.query)};
  }

 private:
  EncodedPool pool_;
};

class Transductive : public ClassificationEvaluator {
 public:
  Transductive(const ClassificationTest& test, Params params)
      : ClassificationEvaluator(test), params_(std::move(params)) {}

 protected:
  void prepare(const std::vector<Episode>&) override {}
  const Params& params() const override { return params_; }
  std::pair<Array, Array> features(const Episode& episode) const override {
    std::vector<std::uint32_t> rows = episode.support;
    rows.insert(rows.end(), episode.query.begin(), episode.query.end());
    Context context;
    context.mode = Mode::transductive;
    const Array all =
        test().learner->encode(params_, constant(pool_rows(*test().pool, rows)), context).value();
    const std::size_t support = episode.support.size();
    return {kernel::slice(all, 0, 0, support), kernel::slice(all, 0, support, rows.size())};
  }

 private:
  Params params_;
};

}  // namespace

std::unique_ptr<Evaluator> classification_evaluator(const ClassificationTest& test,
                                                    const Params& params) {
  if (test.mode == Mode::transductive) return std::make_unique<Transductive>(test, params);
  return std::make_unique<Inductive>(test, params);
}

}  // namespace attune
