#include <algorithm>
#include <limits>

#include "attention/attention.hpp"
#include "encoder/token_embedding.hpp"
#include "learner/class_parts.hpp"

namespace attune {
namespace {

constexpr std::size_t kFirst = 32, kSecond = 64;  // channels, as in the paper's code

// Prototypes by two attentions (Gao et al. 2019, "Proto-HATT"). Support items weigh by how alike
// they are to the query, within each class,
//   β_s = softmax_s(Σ_d tanh(g(x_s)∘g(q))_d), g linear                              (eq. 6–7)
// and features by three convolutions along a class's items, each feature by itself, z (eq. 5); the
// answer is the distance −Σ_d z_d (q − c)_d². So that any number of items will do, the last
// convolution, which in the paper is as long as the items are many, has one weight for all of them;
// and its bias starts at 1 instead of 0, so that no feature is cut off before training.
class HybridAttention : public Learner {
 public:
  HybridAttention(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        instances_(config.flag("instances", true, "weigh support items; else all the same")),
        features_(config.flag("features", true, "weigh features; else all the same")),
        span_(static_cast<std::size_t>(config.integer(
            "span", 5, {1, 31}, "items that a convolution sees; 1: in any order the same"))),
        alike_("instance", encoder_->features(), encoder_->features()),
        first_("feature.first", span_, kFirst),
        second_("feature.second", span_ * kFirst, kSecond),
        last_("feature.last", kSecond, 1) {}
  Claims claims() const override {
    Claims claims;
    claims.permutation_invariant = span_ == 1 || !features_;
    return claims;
  }
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    if (instances_) alike_.init(params, rng);
    if (!features_) return;
    first_.init(params, rng);
    second_.init(params, rng);
    last_.init(params, rng);
    params.change([](std::size_t, const std::string& name, Array& value) {
      if (name == "feature.last.bias") value = Array::full(value.shape(), 1);
    });
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  Array token_weights(const Params& params, const Var& x, Context& context) const override {
    return encoder_->token_weights(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace* trace) const override {
    const std::size_t queries = query.x.shape()[0], size = query.x.shape()[1];
    const Var shares = within_classes(params, support, query, context);  // (Q,N,S)
    const Var prototypes = matmul(shares, support.x);                    // (Q,N,D)
    const Var apart = square(reshape(query.x, {queries, 1, size}) - prototypes);
    const Var z = of_features(params, support, context);  // (N,D)
    const Var logits = -sum(apart * z, {2});
    if (trace) trace->weights = shown(shares.value(), kernel::softmax(logits.value()));
    return logits;
  }

 private:
  // (N,S): 1 where an item is of a class.
  static Array members(const Support& support) {
    return kernel::permute(one_hot(support.labels, support.ways), std::vector<std::size_t>{1, 0});
  }

  Var within_classes(const Params& params, const Support& support, const Query& query,
                     Context& context) const {
    const std::size_t queries = query.x.shape()[0], items = support.x.shape()[0];
    Var alike = constant(Array::zeros({queries, 1, items}));
    if (instances_) {
      const Var s = alike_.forward(params, support.x, context);
      const Var q = alike_.forward(params, query.x, context);
      alike = reshape(sum(tanh(by_query(q) * by_key(s)), {2}), {queries, 1, items});
    }
    const Var scores = alike + constant(Array::zeros({1, support.ways, 1}));
    const Array of_class = members(support).reshaped({1, support.ways, items});
    return softmax(where(of_class, scores, constant(-std::numeric_limits<Real>::infinity())));
  }

  // The items of each class as a sequence, K the most of any: (N·D,K,1), zeros beyond a class's.
  Var of_features(const Params& params, const Support& support, Context& context) const {
    const std::size_t size = support.x.shape()[1], items = support.x.shape()[0];
    if (!features_) return constant(Array::full({support.ways, size}, 1));
    std::vector<Indices> rows(support.ways);
    for (std::size_t i = 0; i < items; ++i)
      rows.at(support.labels[i]).push_back(static_cast<std::uint32_t>(i));
    std::size_t most = 0;
    for (const Indices& one : rows) most = std::max(most, one.size());
    Indices order;
    Array present = Array::zeros({support.ways, 1, most, 1}), share = present;
    for (std::size_t n = 0; n < rows.size(); ++n)
      for (std::size_t k = 0; k < most; ++k) {
        const bool there = k < rows[n].size();
        order.push_back(there ? rows[n][k] : 0);
        present.mutable_data()[n * most + k] = there ? 1 : 0;
        share.mutable_data()[n * most + k] =
            there ? Real(1) / static_cast<Real>(rows[n].size()) : Real(0);
      }
    const std::size_t sequences = support.ways * size;
    const auto spread = [&](const Array& x) {
      return kernel::broadcast_to(x, {support.ways, size, most, 1}).reshaped({sequences, most, 1});
    };
    const Var there = constant(spread(present));
    const Var grouped =
        permute(reshape(gather(support.x, order), {support.ways, most, size}), {0, 2, 1});
    Var y = reshape(grouped, {sequences, most, 1}) * there;
    y = relu(first_.forward(params, with_neighbours(y, span_), context)) * there;
    y = relu(second_.forward(params, with_neighbours(y, span_), context)) * there;
    const Var pooled = sum(y * constant(spread(share)), {1});  // (N·D,64)
    return reshape(relu(last_.forward(params, pooled, context)), {support.ways, size});
  }

  // (Q,S): an item's share in its class times the class's probability.
  static Array shown(const Array& shares, const Array& p) {
    const std::size_t queries = shares.dim(0), ways = shares.dim(1), items = shares.dim(2);
    const std::size_t classes[] = {1};
    return kernel::sum(kernel::mul(shares, p.reshaped({queries, ways, 1})), classes, false)
        .reshaped({queries, items});
  }

  std::unique_ptr<Encoder> encoder_;
  bool instances_, features_;
  std::size_t span_;
  Linear alike_, first_, second_, last_;
};

const Register<Learner, const InputShape&> part{
    "hybrid_attention",
    "prototypes by attention to items and to features (Proto-HATT, Gao et al. 2019)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<HybridAttention>(config, input);
    }};

}  // namespace
}  // namespace attune
