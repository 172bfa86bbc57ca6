#include "learner/floor.hpp"
#include "learner/logistic_regression.hpp"
#include "learner/tfidf.hpp"

namespace attune {
namespace {

// A floor of texts: logistic regression on bags of words, fitted to each episode's support.
class TfIdfLogistic : public Floor {
 public:
  TfIdfLogistic(const Config& config, const InputShape& input)
      : Floor(input, false),
        l2_(config.real("l2", 0.01, {1e-9, 1e3}, "weight of half the squared weights")),
        bags_(config, input) {}
  Var logits(const Params&, const Support& support, const Query& query, Context&,
             Trace*) const override {
    const auto [s, q] = bags_(support.x.value(), query.x.value());
    return constant(logistic_regression(s, support.labels, support.ways, l2_, q));
  }

 private:
  double l2_;
  TfIdf bags_;
};

const Register<Learner, const InputShape&> part{
    "tfidf_logistic",
    "of texts: logistic regression on TF-IDF vectors, fitted per episode: a floor",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<TfIdfLogistic>(config, input);
    }};

}  // namespace
}  // namespace attune
