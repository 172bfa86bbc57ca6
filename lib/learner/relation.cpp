#include "learner/class_parts.hpp"
#include "nn/conv_block.hpp"
#include "nn/pair_linear.hpp"

namespace attune {
namespace {

// How much a query and a class have to do with each other, as log-odds. query (Q,D), classes (N,D)
// → (Q·N, features), before the last two layers.
struct Comparison {
  virtual ~Comparison() = default;
  virtual void init(Params& params, Rng& rng) const = 0;
  virtual Var operator()(const Params& params, const Var& query, const Var& classes,
                         Context& context) const = 0;
  virtual std::size_t features() const = 0;
};

// Two blocks of 3×3 convolution, batch-norm, ReLU and 2×2 max-pool on the two feature maps one
// upon the other. Convolving is linear, so the first convolution runs once for each query and class
// instead of once for each pair; the sum is the same.
class ConvComparison : public Comparison {
 public:
  ConvComparison(const Shape& map, std::size_t channels)
      : map_(map),
        channels_(channels),
        height_(map[1]),
        width_(map[2]),
        query_("relation.block1.query", in(), channels, halves()),
        class_("relation.block1.class", in(), channels, halves()),
        norm_("relation.block1.norm", channels),
        second_("relation.block2", channels, channels) {}
  void init(Params& params, Rng& rng) const override {
    query_.init(params, rng);
    class_.init(params, rng);
    norm_.init(params, rng);
    second_.init(params, rng);
  }
  Var operator()(const Params& params, const Var& query, const Var& classes,
                 Context& context) const override {
    const Var sums = add_pairs(query_.forward(params, as_maps(query), context),
                               class_.forward(params, as_maps(classes), context));
    const std::size_t pairs = sums.shape()[0] * sums.shape()[1];
    Var first;
    if (channels_ % 16 == 0) {
      first = norm_.relu_pool(params, reshape(sums, {pairs, channels_ / 16, height_, width_, 16}),
                              2, context);
    } else {
      const Var plain = reshape(sums, {pairs, channels_, height_, width_});
      first = max_pool(relu(norm_.forward(params, plain, context)), 2);
    }
    return reshape(second_.forward(params, first, context), {pairs, features()});
  }
  std::size_t features() const override { return channels_ * (height_ / 4) * (width_ / 4); }

 private:
  std::size_t in() const { return map_.rank() == 4 ? map_[0] * 16 : map_[0]; }
  static Convolution::Settings halves() { return {.bias = false, .blocked = true}; }
  Var as_maps(const Var& features) const {
    Shape shape{features.shape()[0]};
    for (const std::size_t extent : map_) shape.push_back(extent);
    return reshape(features, shape);
  }

  Shape map_;
  std::size_t channels_, height_, width_;
  Convolution query_, class_;
  BatchNorm norm_;
  ConvBlock second_;
};

// The same for feature vectors, with linear layers in the place of convolutions.
class VectorComparison : public Comparison {
 public:
  VectorComparison(std::size_t features, std::size_t width)
      : width_(width),
        first_("relation.layer1", features, features, width),
        first_norm_("relation.layer1.norm", width),
        second_("relation.layer2", width, width, false),
        second_norm_("relation.layer2.norm", width) {}
  void init(Params& params, Rng& rng) const override {
    first_.init(params, rng);
    first_norm_.init(params, rng);
    second_.init(params, rng);
    second_norm_.init(params, rng);
  }
  Var operator()(const Params& params, const Var& query, const Var& classes,
                 Context& context) const override {
    const Var sums = first_(params, query, classes, context);
    const Var pairs = reshape(sums, {sums.shape()[0] * sums.shape()[1], width_});
    const Var first = first_norm_.relu(params, pairs, context);
    return second_norm_.relu(params, second_.forward(params, first, context), context);
  }
  std::size_t features() const override { return width_; }

 private:
  std::size_t width_;
  PairLinear first_;
  BatchNorm first_norm_;
  Linear second_;
  BatchNorm second_norm_;
};

std::unique_ptr<Comparison> comparison_of(const Config& config, const Encoder& encoder) {
  const Shape map = encoder.map();
  const bool fits = map.rank() >= 3 && map[1] >= 4 && map[2] >= 4;
  const std::string kind = config.choice(
      "module", fits ? "convolution" : "vector", {"convolution", "vector"},
      "compares feature maps of at least 4×4 by convolution, or feature vectors by linear layers");
  const auto width = static_cast<std::size_t>(
      config.integer("width", 64, {1, 4096}, "channels or features of the module's two blocks"));
  if (kind == "vector") return std::make_unique<VectorComparison>(encoder.features(), width);
  if (!fits)
    throw UsageError(config.origin() + ": " + config.path() +
                     ".module: convolution wants feature maps of at least 4×4, have " + map.text() +
                     ": use vector, or fewer blocks in the encoder");
  return std::make_unique<ConvComparison>(map, width);
}

// A network says how much each query has to do with the sum of each class's support features, and
// is trained to say 1 for the right class and 0 for others (Sung et al. 2018, eq. 1–2, §3.4). Its
// last sigmoid is left to the loss: logits are the log-odds z of each pair. Their softmax, which
// the reported cross-entropy is of, is what N independent probabilities σ(z) say given that exactly
// one class is right: p_n ∝ σ(z_n)/(1 − σ(z_n)) = exp z_n.
class Relation : public Learner {
 public:
  Relation(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        comparison_(comparison_of(config, *encoder_)),
        squares_(config.choice("loss", "mse", {"mse", "cross_entropy"},
                               "mean squared error of σ(z) to 0 and 1, or cross-entropy of "
                               "softmax(z)") == "mse"),
        hidden_(static_cast<std::size_t>(
            config.integer("hidden", 8, {1, 4096}, "features before the last layer"))),
        before_last_("relation.hidden", comparison_->features(), hidden_),
        last_("relation.last", hidden_, 1) {}
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    comparison_->init(params, rng);
    before_last_.init(params, rng);
    last_.init(params, rng);
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace*) const override {
    const Var pairs = (*comparison_)(params, query.x, class_sums(support, support.x), context);
    const Var hidden = relu(before_last_.forward(params, pairs, context));
    return reshape(last_.forward(params, hidden, context), {query.x.shape()[0], support.ways});
  }
  Var loss(const Params& params, const Support& support, const Query& query,
           const Indices& query_labels, Context& context) const override {
    if (!squares_) return Learner::loss(params, support, query, query_labels, context);
    const Var score = sigmoid(logits(params, support, query, context, nullptr));
    return mean(square(score - constant(one_hot(query_labels, support.ways))));
  }

 private:
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<Comparison> comparison_;
  bool squares_;
  std::size_t hidden_;
  Linear before_last_, last_;
};

const Register<Learner, const InputShape&> part{
    "relation", "a network compares queries with classes (Sung et al. 2018, eq. 1-2)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<Relation>(config, input);
    }};

}  // namespace
}  // namespace attune
