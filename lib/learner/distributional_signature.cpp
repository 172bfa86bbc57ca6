#include <cmath>

#include "attention/attention.hpp"
#include "encoder/token_embedding.hpp"
#include "encoder/token_pooling.hpp"
#include "learner/episode_bag.hpp"
#include "learner/learner.hpp"
#include "learner/ridge_system.hpp"
#include "nn/lstm.hpp"

namespace attune {
namespace {

// Which words to look at is told by how words are distributed, which holds for new classes too (Bao
// et al. 2020). Of each token two numbers are known: how rare it is among the training examples,
//   s = ε/(ε + P(word)),                                        (eq. 1, ε = 1e-3)
// and how sure a classifier fitted to the episode's support is of its class,
//   t = 1/H(softmax(W·embedding)), W by ridge regression from the mean embeddings.   (eq. 2–3)
// An LSTM both ways over (s, t) and a linear layer give the weight of each token in its text
// (eq. 4–5), and ridge regression from the weighted means to the labels the answer (eq. 6–7).
// H is in nats and 0.01 is added to it, so that t stays finite.
// Config: "embedding" (TokenEmbedding), "hidden", "use" (which of the two numbers the LSTM sees),
// "lambda", "scale"; "exact": the answer's regression sees, beside the weighted mean, the weighted
// bag of the episode's own words (episode_bags) times a learned factor, first 1. That is ours: with
// uniform weights and without the mean it is ridge regression on TF-IDF.
class DistributionalSignature : public Learner {
 public:
  DistributionalSignature(const Config& config, const InputShape& input)
      : example_(input.example),
        embedding_(config.child("embedding"), input, "embedding"),
        use_(config.choice("use", "both", {"both", "rarity", "certainty", "neither"},
                           "what the attention knows of a token; neither: uniform attention")),
        hidden_(static_cast<std::size_t>(
            config.integer("hidden", 50, {1, 1024}, "size of the LSTM's state, each way"))),
        lambda_(config.real("lambda", 1, {1e-6, 1e6}, "initial λ of the answer's regression")),
        scale_(config.real("scale", 10, {1e-3, 1e3}, "initial factor from labels to logits")),
        exact_(config.flag("exact", false, "the answer also tells the episode's words apart")),
        forward_("attention.forward", 2, hidden_, Direction::forward),
        backward_("attention.backward", 2, hidden_, Direction::backward),
        score_("attention.score", 2 * hidden_, 1, false),
        normaliser_(NormaliserRegistry::make(config.child("normaliser"), "softmax")),
        text_(input.text) {}

  void init(Params& params, Rng& rng) const override {
    embedding_.init(params, rng);
    if (use_ != "neither") {
      forward_.init(params, rng);
      backward_.init(params, rng);
      score_.init(params, rng);
    }
    params.add("certainty.log_lambda", Array::full({1}, 0));
    params.add("ridge.log_lambda", Array::full({1}, static_cast<Real>(std::log(lambda_))));
    params.add("ridge.log_scale", Array::full({1}, static_cast<Real>(std::log(scale_))));
    if (exact_) params.add("exact.log_factor", Array::full({1}, 0));
  }
  // What attention gives depends on the episode: examples stay as they are until then.
  Var encode(const Params&, const Var& x, Context&) const override {
    return reshape(x, {x.shape()[0], example_.size()});
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace* trace) const override {
    const std::size_t items = support.x.shape()[0], queries = query.x.shape()[0];
    const Array both[] = {support.x.value(), query.x.value()};
    const std::vector<TokenBucket> buckets = token_buckets(
        kernel::concat(both, 0).reshaped({items + queries, example_[0], example_[1]}));
    const Vars tokens = embedding_(params, buckets, context);
    const Indices places = places_of(buckets);
    const Var classifier = use_ == "neither" || use_ == "rarity"
                               ? Var()
                               : certainty(params, support, buckets, tokens, places);
    Vars parts, each;
    std::vector<Array> shown;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      const Var weights = attention(params, buckets[i], tokens[i], classifier, context);
      const Shape shape = tokens[i].shape();
      parts.push_back(reshape(matmul(reshape(weights, {shape[0], 1, shape[1]}), tokens[i]),
                              {shape[0], shape[2]}));
      shown.push_back(weights.value());
      each.push_back(weights);
    }
    Var all = gather(concat(parts, 0), places);
    if (exact_)
      all = concat({all, episode_bags(buckets, each, places, items, *text_) *
                             exp(params["exact.log_factor"])},
                   1);
    if (trace) show(buckets, shown, items, queries, *trace);
    const Var y = constant(one_hot(support.labels, support.ways));
    const Var weights = regression(slice(all, 0, 0, items), y, params["ridge.log_lambda"]);
    return matmul(slice(all, 0, items, items + queries), weights) * exp(params["ridge.log_scale"]);
  }

 private:
  // W (D,N) of ridge regression from x (S,D) to y (S,N): Xᵀ(XXᵀ + λI)⁻¹Y.
  static Var regression(const Var& x, const Var& y, const Var& log_lambda) {
    return matmul(x, solve(ridge_system(x, log_lambda, true), y), true, false);
  }

  Var certainty(const Params& params, const Support& support,
                const std::vector<TokenBucket>& buckets, const Vars& tokens,
                const Indices& places) const {
    Vars means;
    for (std::size_t i = 0; i < buckets.size(); ++i)
      means.push_back(weighted_sum(token_shares(buckets[i].present, {}), tokens[i]));
    const Indices rows(places.begin(),
                       places.begin() + static_cast<std::ptrdiff_t>(support.labels.size()));
    return regression(gather(concat(means, 0), rows),
                      constant(one_hot(support.labels, support.ways)),
                      params["certainty.log_lambda"]);
  }

  // (B,T,1): s of each token.
  Var rarity(const TokenBucket& bucket) const {
    constexpr double kEpsilon = 1e-3;
    Array result(Shape{bucket.size(), bucket.length, 1});
    for (std::size_t i = 0; i < bucket.word.size(); ++i)
      result.mutable_data()[i] = static_cast<Real>(
          kEpsilon / (kEpsilon + text_->vocabulary.probability(text_->place(bucket.word[i]))));
    return constant(std::move(result));
  }

  // (B,T): the weight of each token.
  Var attention(const Params& params, const TokenBucket& bucket, const Var& tokens,
                const Var& classifier, Context& context) const {
    if (use_ == "neither") return constant(token_shares(bucket.present, {}));
    const Var nothing = constant(Array::zeros({bucket.size(), bucket.length, 1}));
    Var sure = nothing;
    if (use_ != "rarity") {
      const Var log_p = log_softmax(matmul(tokens, classifier));
      const Var entropy = -sum(exp(log_p) * log_p, {2}, true);
      sure = constant(Real(1)) / (entropy + Real(0.01));
    }
    const Var x = concat({use_ == "certainty" ? nothing : rarity(bucket), sure}, 2);
    const Var h = concat({forward_.forward(params, x, &bucket.present).each,
                          backward_.forward(params, x, &bucket.present).each},
                         2);
    const Var scores = reshape(score_.forward(params, h, context), {bucket.size(), bucket.length});
    return (*normaliser_)(scores, {bucket.present, false}, context);
  }

  void show(const std::vector<TokenBucket>& buckets, const std::vector<Array>& weights,
            std::size_t items, std::size_t queries, Trace& trace) const {
    const std::size_t widest = example_[1];
    Array all = Array::zeros({items + queries, widest});
    for (std::size_t i = 0; i < buckets.size(); ++i)
      for (std::size_t b = 0; b < buckets[i].size(); ++b)
        std::copy_n(weights[i].data() + b * buckets[i].length, buckets[i].length,
                    all.mutable_data() + buckets[i].rows[b] * widest);
    trace.support_tokens = kernel::slice(all, 0, 0, items);
    trace.query_tokens = kernel::slice(all, 0, items, items + queries);
  }

  Shape example_;
  TokenEmbedding embedding_;
  std::string use_;
  std::size_t hidden_;
  double lambda_, scale_;
  bool exact_;
  Lstm forward_, backward_;
  Linear score_;
  std::unique_ptr<Normaliser> normaliser_;
  std::shared_ptr<const TextInput> text_;
};

const Register<Learner, const InputShape&> part{
    "distributional_signature",
    "of texts: attention to words by how they are distributed, ridge head (Bao et al. 2020)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<DistributionalSignature>(config, input);
    }};

}  // namespace
}  // namespace attune
