#include <cmath>

#include "attention/heads.hpp"
#include "attention/structure.hpp"
#include "nn/initialise.hpp"
#include "nn/linear.hpp"

namespace attune {
namespace {

// φ of queries and keys, such that φ(q)·φ(k) > 0 stands for exp(score).
struct FeatureMap {
  virtual ~FeatureMap() = default;
  virtual void init(Params&, Rng&) const {}
  virtual Var queries(const Params& params, const Var& q) const = 0;  // (H,Q,F) → (H,Q,M)
  virtual Var keys(const Params& params, const Var& k) const = 0;     // (H,S,F) → (H,S,M)
};

// Added to features that may vanish: keeps the sums of their products away from 0.
constexpr Real kLeast = Real(1e-6);

// elu(x) + 1 (Katharopoulos et al. 2020, eq. 7).
struct EluMap : FeatureMap {
  Var queries(const Params&, const Var& q) const override { return elu(q) + (1 + kLeast); }
  Var keys(const Params&, const Var& k) const override { return elu(k) + (1 + kLeast); }
};

// relu(x) + ε (Choromanski et al. 2021, §4, generalised attention).
struct ReluMap : FeatureMap {
  explicit ReluMap(const Config& config)
      : epsilon(static_cast<Real>(
            config.real("epsilon", 1e-3, {1e-9, 1}, "added, so that no weight is 0"))) {}
  Var queries(const Params&, const Var& q) const override { return relu(q) + epsilon; }
  Var keys(const Params&, const Var& k) const override { return relu(k) + epsilon; }
  Real epsilon;
};

// Positive random features, whose products estimate exp(τ·cos(q,k)) (Choromanski et al. 2021,
// lemma 1, of unit rows as Peng et al. 2021, §3.3, so that no long key outshines all others):
// φ(x) = exp(√τ·ω·x/|x|), ω ~ N(0, 1) drawn once; the factor exp(−τ/2) of all is left out. The
// largest exponent of a query, and of all keys, is taken off: that changes no weight.
class RandomMap : public FeatureMap {
 public:
  RandomMap(const Config& config, std::size_t features, const std::string& prefix)
      : features_(features),
        count_(static_cast<std::size_t>(
            config.integer("count", 64, {1, 65536}, "number of random features"))),
        scale_(static_cast<Real>(std::sqrt(
            config.real("scale", 1, {1e-3, 1e3}, "τ, factor of the cosine that is estimated")))),
        name_(prefix + ".random") {}
  void init(Params& params, Rng& rng) const override {
    Rng own = rng.fork(name_);
    params.add_buffer(name_, normal({features_, count_}, 1, own));
  }
  Var queries(const Params& params, const Var& q) const override {
    const Var x = exponents(params, q);
    return exp(x - max_last(x)) + kLeast;
  }
  Var keys(const Params& params, const Var& k) const override {
    const Var x = exponents(params, k);
    const std::size_t heads = x.shape()[0];
    const Var most = max_last(reshape(x, {heads, x.shape().size() / heads}));
    return exp(x - reshape(most, {heads, 1, 1})) + kLeast;
  }

 private:
  Var exponents(const Params& params, const Var& x) const {
    return matmul(unit_rows(x) * scale_, constant(params.buffer(name_)));
  }

  std::size_t features_, count_;
  Real scale_;
  std::string name_;
};

std::unique_ptr<FeatureMap> feature_map(const Config& config, std::size_t features,
                                        const std::string& prefix) {
  const std::string kind = config.choice("kind", "elu", {"elu", "relu", "random"},
                                         "what stands for the exponential function of softmax");
  if (kind == "relu") return std::make_unique<ReluMap>(config);
  if (kind == "random") return std::make_unique<RandomMap>(config, features, prefix);
  return std::make_unique<EluMap>();
}

// Cross-attention at a cost linear in Q + S (Katharopoulos et al. 2020, eq. 4–5): by heads with own
// projections, p_q = φ(q)ᵀ(Σ_s φ(k_s) v_sᵀ) / φ(q)ᵀΣ_s φ(k_s), the values the labels; class
// probabilities are averaged over heads. The weights (Q,S) exist only in traces: trace.weights is
// their mean over heads, of which the answer is made but for the floor; trace.maps has each.
class LinearCost : public Structure {
 public:
  LinearCost(const Config& config, std::size_t features, const std::string& prefix)
      : heads_(config, features, 4),
        floor_(static_cast<Real>(config.real("floor", 1e-6, {1e-12, 0.5},
                                             "share of the uniform distribution mixed in"))),
        query_(prefix + ".query", features, heads_.width()),
        key_(prefix + ".key", features, heads_.width()),
        map_(feature_map(config.child("feature_map"), heads_.features, prefix)) {}
  void init(Params& params, Rng& rng) const override {
    query_.init(params, rng);
    key_.init(params, rng);
    map_->init(params, rng);
  }
  Var log_probabilities(const Params& params, const EpisodeItems& items, Context& context,
                        Trace* trace) const override {
    const Var q = map_->queries(
        params, split_heads(query_.forward(params, items.query, context), heads_.count));
    const Var k =
        map_->keys(params, split_heads(key_.forward(params, items.support, context), heads_.count));
    // The sum over all labels is the sum over all items, so that it needs no extra column.
    const Var labels = constant(one_hot(items.labels, items.ways));
    const Var memory = matmul(transpose(k), labels);                   // (H,M,N)
    const Var share = matmul(q, memory);                               // (H,Q,N)
    const Var probability = mean(share / sum(share, {2}, true), {0});  // (Q,N)
    if (trace) fill(q.value(), k.value(), *trace);
    return log(probability * (Real(1) - floor_) + floor_ / static_cast<Real>(items.ways));
  }

 private:
  static void fill(const Array& q, const Array& k, Trace& trace) {
    const Var product = constant(kernel::matmul(q, k, false, true));
    const Var weights = product / sum(product, {2}, true);
    trace.weights = mean(weights, {0}).value();
    trace.maps.push_back({"heads", weights.value(), "query", "support"});
  }

  HeadSizes heads_;
  Real floor_;
  Linear query_, key_;
  std::unique_ptr<FeatureMap> map_;
};

const Register<Structure, std::size_t, const std::string&> part{
    "linear", "cross-attention of linear cost, by feature maps (Katharopoulos et al. 2020)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<LinearCost>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
