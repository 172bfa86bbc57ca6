#include <cmath>

#include "attention/attention.hpp"
#include "learner/learner.hpp"
#include "learner/logistic_regression.hpp"
#include "nn/initialise.hpp"

namespace attune {
namespace {

// No meta-learning: the encoder learns to tell all training classes apart, whatever the episodes;
// a classifier of the new classes is made from the support afterwards.
//   head "cosine": logits τ·cos(x, w_c) (Baseline++, Chen et al. 2019, §3.2; Gidaris & Komodakis
//   2018); "linear": w_c·x + b_c (Baseline).
//   classifier "centroid": τ·cos(x, mean of the class's support) (Classifier-Baseline, Chen et al.
//   2021, eq. 1-2); "logistic": logistic regression on unit features (Tian et al. 2020, §3.1).
class Transfer : public Learner {
 public:
  Transfer(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        classes_(static_cast<std::size_t>(config.integer(
            "classes", 100, {2, 1 << 20}, "outputs in training, at least the pool's classes"))),
        linear_(config.choice("head", "cosine", {"cosine", "linear"}, "in training") == "linear"),
        logistic_(config.choice("classifier", "centroid", {"centroid", "logistic"},
                                "of an episode's classes") == "logistic"),
        scale_(config.real("scale", 10, {1e-3, 1e4}, "initial τ, factor of the cosine")),
        l2_(config.real("l2", 0.01, {1e-9, 1e3}, "of the logistic regression, half its weights")) {}
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    const std::size_t features = encoder_->features();
    params.add("head.weight", glorot_uniform({classes_, features}, features, classes_, rng));
    params.add("head.log_scale", Array::full({1}, static_cast<Real>(std::log(scale_))));
    if (linear_) params.add("head.bias", Array::zeros({classes_}));
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context&,
             Trace*) const override {
    if (logistic_)
      return constant(logistic_regression(support.x.value(), support.labels, support.ways, l2_,
                                          query.x.value()));
    const Var sums =
        matmul(constant(one_hot(support.labels, support.ways)), support.x, true, false);
    return cosines(params, query.x, sums);
  }
  // Of all examples, among all training classes. UsageError when there are more than `classes`.
  Var loss(const Params& params, const Support& support, const Query& query,
           const Indices& query_labels, Context&) const override {
    Indices targets;
    for (const Indices* labels : {&support.labels, &query_labels})
      for (const std::uint32_t label : *labels) targets.push_back(class_of(support, label));
    const Var x = concat({support.x, query.x}, 0);
    const Var& weight = params["head.weight"];
    return cross_entropy(
        linear_ ? matmul(x, weight, false, true) + params["head.bias"] : cosines(params, x, weight),
        targets);
  }

 private:
  static Var cosines(const Params& params, const Var& x, const Var& classes) {
    return matmul(unit_rows(x), unit_rows(classes), false, true) * exp(params["head.log_scale"]);
  }
  std::uint32_t class_of(const Support& support, std::uint32_t label) const {
    if (label >= support.classes.size())
      throw Error("transfer: want the pool's class of each label in training");
    const std::uint32_t found = support.classes[label];
    if (found >= classes_)
      throw UsageError("learner.classes: want more than " + std::to_string(found) +
                       ", the number of a training class of this pool, have " +
                       std::to_string(classes_));
    return found;
  }
  std::unique_ptr<Encoder> encoder_;
  std::size_t classes_;
  bool linear_, logistic_;
  double scale_, l2_;
};

const Register<Learner, const InputShape&> part{
    "transfer", "an encoder trained to classify, a classifier of its features per episode",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<Transfer>(config, input);
    }};

}  // namespace
}  // namespace attune
