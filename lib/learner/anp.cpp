#include <algorithm>

#include "attention/heads.hpp"
#include "learner/learner.hpp"
#include "learner/neural_process.hpp"

namespace attune {
namespace {

// The items of each class, as many places for each; empty places hold S, the number of items.
struct Places {
  Indices items;  // (N·K)
  std::size_t shots;
};

Places places_of(const Support& support) {
  std::vector<Indices> members(support.ways);
  for (std::size_t i = 0; i < support.labels.size(); ++i)
    members.at(support.labels[i]).push_back(static_cast<std::uint32_t>(i));
  Places places{{}, 1};
  for (const Indices& one : members) places.shots = std::max(places.shots, one.size());
  for (Indices& one : members) {
    one.resize(places.shots, static_cast<std::uint32_t>(support.labels.size()));
    places.items.insert(places.items.end(), one.begin(), one.end());
  }
  return places;
}

// Attentive neural process, deterministic path: the query attends to the whole support by several
// heads, and what it reads is kept apart by class. With weights a_i and values v_i = h(x_i), each
// head reads r_n = Σ a_i·v_i over the items of class n, which is attention to the values
// v_i ⊗ onehot(y_i); the logit of class n is g(x, r_n, mean of all r) (Kim et al. 2019, §3 and
// fig. 2; the form of g is neural_process.hpp's). The value projections of the heads are the last
// layer of h, the projection of their joined outputs is the first of g. Queries and keys are linear
// in the features. trace.weights: the mean of the heads' weights; trace.maps: each head's.
class AttentiveProcess : public Learner {
 public:
  AttentiveProcess(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        hidden_(process_hidden(config)),
        heads_(config.child("attention"), encoder_->features(), 8),
        query_("process.query", encoder_->features(), heads_.width(), false),
        key_("process.key", encoder_->features(), heads_.width(), false),
        attention_(config.child("attention"), heads_.features, "process.attention"),
        items_(encoder_->features(), hidden_, heads_.width()),
        decoder_(encoder_->features(), heads_.width(), hidden_) {}
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    query_.init(params, rng);
    key_.init(params, rng);
    attention_.init(params, rng);
    items_.init(params, rng);
    decoder_.init(params, rng);
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace* trace) const override {
    const Var weights = attend(params, support, query, context);
    if (trace) {
      trace->weights = mean(weights.detach(), {0}).value();
      trace->maps.push_back({"heads", weights.value(), "query", "support"});
    }
    return decoder_(params, query.x, read(params, support, weights, context), context);
  }

 private:
  // (H,Q,S)
  Var attend(const Params& params, const Support& support, const Query& query,
             Context& context) const {
    const Var q = split_heads(query_.forward(params, query.x, context), heads_.count);
    const Var k = split_heads(key_.forward(params, support.x, context), heads_.count);
    const std::size_t before = context.sampled ? context.sampled->size() : 0;
    const Var weights = attention_.weights(params, q, k, {}, context);
    for (std::size_t i = before; context.sampled && i < context.sampled->size(); ++i)
      (*context.sampled)[i].by_query = true;
    return weights;
  }
  // r (Q,N,H·F).
  Var read(const Params& params, const Support& support, const Var& weights,
           Context& context) const {
    const std::size_t heads = heads_.count, queries = weights.shape()[1], ways = support.ways;
    const Places places = places_of(support);
    // An empty place has the weight 0 and a value of 0.
    const Var by_item =
        concat({permute(weights, {2, 0, 1}), constant(Array::zeros({1, heads, queries}))}, 0);
    const Var values = concat(
        {items_(params, support.x, context), constant(Array::zeros({1, heads_.width()}))}, 0);
    const Var weight = permute(
        reshape(gather(by_item, places.items), {ways, places.shots, heads, queries}), {2, 0, 3, 1});
    const Var value =
        permute(reshape(gather(values, places.items), {ways, places.shots, heads, heads_.features}),
                {2, 0, 1, 3});
    return reshape(permute(matmul(weight, value), {2, 1, 0, 3}), {queries, ways, heads_.width()});
  }

  std::unique_ptr<Encoder> encoder_;
  std::size_t hidden_;
  HeadSizes heads_;
  Linear query_, key_;
  Attention attention_;
  ItemEncoder items_;
  ClassDecoder decoder_;
};

const Register<Learner, const InputShape&> part{
    "anp", "attentive neural process: queries attend to what each class says (Kim et al. 2019)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<AttentiveProcess>(config, input);
    }};

}  // namespace
}  // namespace attune
