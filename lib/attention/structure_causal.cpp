#include <algorithm>
#include <optional>

#include "attention/structure.hpp"
#include "nn/linear.hpp"

namespace attune {
namespace {

// The support as a sequence (S,C), and queries (Q,C), each of which comes next after it.
struct Sequence {
  Var support, query;
  template <typename F>
  Sequence map(F&& f) const {
    return {f(support), f(query)};
  }
};

Sequence join(const Sequence& a, const Sequence& b) {
  return {concat({a.support, b.support}, 1), concat({a.query, b.query}, 1)};
}

// What lies `back` places before each item; zeros before the first.
Sequence shifted(const Sequence& x, std::size_t back) {
  const std::size_t items = x.support.shape()[0];
  if (back > items) {
    const Array nothing = Array::zeros({1, x.support.shape()[1]});
    return {constant(Array::zeros(x.support.shape())), constant(nothing)};
  }
  return {pad(slice(x.support, 0, 0, items - back), 0, back, 0),
          slice(x.support, 0, items - back, items - back + 1)};
}

// A causal convolution of two taps `dilation` apart, gated, joined to its input:
// [x ‖ tanh(W_f∗x)∘σ(W_g∗x)] (Mishra et al. 2018, §3, "dense block").
class DenseBlock {
 public:
  DenseBlock(const std::string& prefix, std::size_t in, std::size_t filters, std::size_t dilation)
      : now_(prefix + ".now", in, 2 * filters),
        past_(prefix + ".past", in, 2 * filters, false),
        filters_(filters),
        dilation_(dilation) {}
  void init(Params& params, Rng& rng) const {
    now_.init(params, rng);
    past_.init(params, rng);
  }
  Sequence operator()(const Params& params, const Sequence& x, Context& context) const {
    const Sequence before = shifted(x, dilation_);
    const auto gated = [&](const Var& here, const Var& earlier) {
      const Var z = now_.forward(params, here, context) + past_.forward(params, earlier, context);
      return tanh(slice(z, 1, 0, filters_)) * sigmoid(slice(z, 1, filters_, 2 * filters_));
    };
    return join(x, {gated(x.support, before.support), gated(x.query, before.query)});
  }

 private:
  Linear now_, past_;
  std::size_t filters_, dilation_;
};

// Each item attends to itself and to what came before; what it reads is joined to it (Mishra et
// al. 2018, §3, "attention block").
class AttentionBlock {
 public:
  AttentionBlock(const Config& config, const std::string& prefix, std::size_t in,
                 std::size_t key_features, std::size_t value_features)
      : query_(prefix + ".query", in, key_features),
        key_(prefix + ".key", in, key_features),
        value_(prefix + ".value", in, value_features),
        attention_(config, key_features, prefix) {}
  void init(Params& params, Rng& rng) const {
    for (const Linear* layer : {&query_, &key_, &value_}) layer->init(params, rng);
    attention_.init(params, rng);
  }
  // `maps` receives what the support (S,S) and the queries (Q,S+1), themselves last, attend to.
  Sequence operator()(const Params& params, const Sequence& x, Context& context,
                      std::pair<Array, Array>* maps) const {
    const auto through = [&](const Linear& layer) {
      return x.map([&](const Var& y) { return layer.forward(params, y, context); });
    };
    const Sequence q = through(query_), k = through(key_), v = through(value_);
    const std::size_t items = x.support.shape()[0], queries = x.query.shape()[0];
    const Var inside = attention_.weights(params, q.support, k.support, past(items), context);
    const Var itself =
        attention_.scores(params, by_query(q.query), by_query(k.query), context);  // (Q,1,1)
    const Var scores = concat(
        {attention_.scores(params, q.query, k.support, context), reshape(itself, {queries, 1})}, 1);
    const Var weights = attention_.normalise(scores, {}, context);
    if (maps) *maps = {inside.value(), weights.value()};
    const Var read = matmul(slice(weights, 1, 0, items), v.support) +
                     slice(weights, 1, items, items + 1) * v.query;
    return join(x, {matmul(inside, v.support), read});
  }

 private:
  static Mask past(std::size_t items) {
    Array allowed = Array::zeros({items, items});
    Real* out = allowed.mutable_data();
    for (std::size_t i = 0; i < items; ++i) std::fill_n(out + i * items, i + 1, Real(1));
    return {std::move(allowed), false};
  }

  Linear query_, key_, value_;
  Attention attention_;
};

// The share of each support item where a row of (Q,S+1) leaves its last column out. A row that
// attends to itself alone gives every item the same.
Array without_self(const Array& weights) {
  const std::size_t queries = weights.dim(0), items = weights.dim(1) - 1;
  Array result(Shape{queries, items});
  Real* out = result.mutable_data();
  for (std::size_t q = 0; q < queries; ++q) {
    const Real* row = weights.data() + q * (items + 1);
    Real total = 0;
    for (std::size_t s = 0; s < items; ++s) total += row[s];
    for (std::size_t s = 0; s < items; ++s)
      out[q * items + s] = total > 0 ? row[s] / total : Real(1) / static_cast<Real>(items);
  }
  return result;
}

// SNAIL (Mishra et al. 2018): temporal convolutions and causal attention in turns over the sequence
// of (feature, label) of the support, then the query with an empty label, whose output is the
// answer. Dilations are 1, 2, 4 … until `length` items are in sight. The support's part does not
// depend on the query: it is computed once for all queries. The answer is no mean of labels:
// trace.weights is what the last attention block reads from the support at the query.
class Causal : public Structure {
 public:
  Causal(const Config& config, std::size_t features, const std::string& prefix)
      : max_ways_(
            size(config, "max_ways", 20, "most classes of an episode: size of the label code")) {
    const std::size_t blocks = size(config, "blocks", 2, "convolutions and attention, how often");
    const std::size_t length =
        size(config, "length", 32, "items in sight of one stack of temporal convolutions");
    const std::size_t filters = size(config, "filters", 32, "features that a convolution adds");
    const std::size_t keys = size(config, "key_features", 32, "size of queries and keys");
    const std::size_t values = size(config, "value_features", 32, "features that attention adds");
    std::size_t width = features + max_ways_;
    const auto attend = [&] {
      attention_.emplace_back(config, prefix + ".attention" + std::to_string(attention_.size() + 1),
                              width, keys, values);
      width += values;
    };
    attend();
    for (std::size_t b = 1; b <= blocks; ++b) {
      convolutions_.emplace_back();
      for (std::size_t dilation = 1; dilation < length; dilation *= 2) {
        convolutions_.back().emplace_back(
            prefix + ".convolution" + std::to_string(b) + ".dilation" + std::to_string(dilation),
            width, filters, dilation);
        width += filters;
      }
      attend();
    }
    out_.emplace(prefix + ".out", width, max_ways_);
  }
  void init(Params& params, Rng& rng) const override {
    for (const auto& stack : convolutions_)
      for (const DenseBlock& block : stack) block.init(params, rng);
    for (std::size_t i = 0; i < attention_.size(); ++i) {
      Rng own = rng.fork("attention" + std::to_string(i));
      attention_[i].init(params, own);
    }
    out_->init(params, rng);
  }
  Var log_probabilities(const Params& params, const EpisodeItems& items, Context& context,
                        Trace* trace) const override {
    if (items.ways > max_ways_)
      throw UsageError("causal attention: max_ways: want at least the " +
                       std::to_string(items.ways) + " classes of the episode, have " +
                       std::to_string(max_ways_));
    Sequence x = join({items.support, items.query},
                      {constant(one_hot(items.labels, max_ways_)),
                       constant(Array::zeros({items.query.shape()[0], max_ways_}))});
    for (std::size_t i = 0; i < attention_.size(); ++i) {
      if (i > 0)
        for (const DenseBlock& block : convolutions_[i - 1]) x = block(params, x, context);
      std::pair<Array, Array> maps;
      x = attention_[i](params, x, context, trace ? &maps : nullptr);
      if (trace) add_maps(maps, "attention" + std::to_string(i + 1), *trace);
    }
    const Var y = out_->forward(params, x.query, context);
    return log_softmax(slice(y, 1, 0, items.ways));
  }
  bool permutation_invariant() const override { return false; }
  bool label_equivariant() const override { return false; }

 private:
  static std::size_t size(const Config& config, const std::string& key, std::int64_t fallback,
                          const std::string& doc) {
    return static_cast<std::size_t>(config.integer(key, fallback, {1, 65536}, doc));
  }
  static void add_maps(const std::pair<Array, Array>& maps, const std::string& name, Trace& trace) {
    const auto one = [](const Array& map) { return map.reshaped({1, map.dim(0), map.dim(1)}); };
    trace.maps.push_back({name + ".support", one(maps.first), "support", "support"});
    trace.maps.push_back({name + ".query", one(maps.second), "query", "support+query"});
    trace.weights = without_self(maps.second);
  }

  std::size_t max_ways_;
  std::vector<AttentionBlock> attention_;              // one before and one after each stack
  std::vector<std::vector<DenseBlock>> convolutions_;  // stacks of growing dilation
  std::optional<Linear> out_;
};

const Register<Structure, std::size_t, const std::string&> part{
    "causal",
    "temporal convolutions and causal attention over examples with labels (SNAIL, Mishra et al. "
    "2018)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<Causal>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
