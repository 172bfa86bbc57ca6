#include <optional>

#include "attention/heads.hpp"
#include "attention/readout.hpp"
#include "attention/structure.hpp"
#include "nn/linear.hpp"

namespace attune {
namespace {

// Features of the nodes of Q graphs, each of the S support items and, last, one query: (Q,S+1,F)
// from (S,F) and (Q,F).
Var graphs_of(const Var& support, const Var& query) {
  const std::size_t items = support.shape()[0], queries = query.shape()[0];
  const std::size_t features = support.shape()[1];
  const Var shared =
      broadcast_to(reshape(support, {1, items, features}), {queries, items, features});
  return concat({shared, reshape(query, {queries, 1, features})}, 1);
}

// One layer on fully connected nodes, joined heads (Veličković et al. 2018, eq. 1–5):
//   h'_i = ELU( ‖_h Σ_j α^h_ij W^h h_j  [+ W_skip h_i] ).
class Layer {
 public:
  Layer(const Config& config, std::size_t in, const HeadSizes& heads, const std::string& prefix,
        bool skip)
      : heads_(heads), project_(prefix + ".project", in, heads.width(), false), skip_(skip) {
    if (skip && in != heads.width()) widen_.emplace(prefix + ".skip", in, heads.width(), false);
    for (std::size_t h = 0; h < heads.count; ++h)
      attention_.emplace_back(config, heads.features, prefix + ".head" + std::to_string(h + 1),
                              "gat");
  }
  void init(Params& params, Rng& rng) const {
    project_.init(params, rng);
    if (widen_) widen_->init(params, rng);
    for (std::size_t h = 0; h < attention_.size(); ++h) {
      Rng own = rng.fork(std::to_string(h));
      attention_[h].init(params, own);
    }
  }
  // What is linear in each node, x (…,in) → (…,width), so that it may come before the joining.
  Var project(const Params& params, const Var& x, Context& context) const {
    return project_.forward(params, x, context);
  }
  Var skip(const Params& params, const Var& x, Context& context) const {
    return widen_ ? widen_->forward(params, x, context) : x;
  }
  bool skips() const { return skip_; }
  // z (Q,M,width), the projected nodes, → what each reads. `maps` receives (Q,M,M) per head.
  Var read(const Params& params, const Var& z, Context& context, std::vector<Array>* maps) const {
    Vars read;
    for (std::size_t h = 0; h < heads_.count; ++h) {
      const Var head = slice(z, 2, h * heads_.features, (h + 1) * heads_.features);
      const Var weights = attention_[h].weights(params, head, head, {}, context);
      if (maps) maps->push_back(weights.value());
      read.push_back(matmul(weights, head));
    }
    return concat(read, 2);
  }

 private:
  HeadSizes heads_;
  Linear project_;
  bool skip_;
  std::optional<Linear> widen_;
  std::vector<Attention> attention_;
};

// (Q,M,M) per head → two maps whose rows sum to 1: what each query reads (H,Q,M), and what support
// items read, the mean over the queries' graphs (H,S,M).
void add_maps(const std::vector<Array>& heads, const std::string& layer, Trace& trace) {
  const std::size_t queries = heads[0].dim(0), nodes = heads[0].dim(1), items = nodes - 1;
  std::vector<Array> by_query, by_support;
  for (const Array& weights : heads) {
    by_query.push_back(kernel::slice(weights, 1, items, nodes).reshaped({1, queries, nodes}));
    const Var rows = constant(kernel::slice(weights, 1, 0, items));
    by_support.push_back(mean(rows, {0}, true).value());
  }
  trace.maps.push_back({layer + ".query", kernel::concat(by_query, 0), "query", "support+query"});
  trace.maps.push_back(
      {layer + ".support", kernel::concat(by_support, 0), "support", "support+query"});
}

// Graph attention: every query makes a graph with the support, all nodes connected, so that it
// knows nothing of other queries. Labels enter in the readout alone: attention from the query's
// last features to those that the support items have in its graph.
class Graph : public Structure {
 public:
  Graph(const Config& config, std::size_t features, const std::string& prefix)
      : heads_(config, features, 4), readout_(config, heads_.width(), prefix) {
    const std::int64_t layers = config.integer("layers", 2, {1, 64}, "number of graph layers");
    const bool skip = config.flag("skip", true, "add each node's own features to what it reads");
    for (std::int64_t i = 0; i < layers; ++i)
      layers_.emplace_back(config.child("layer"), i == 0 ? features : heads_.width(), heads_,
                           prefix + ".layer" + std::to_string(i + 1), skip);
  }
  void init(Params& params, Rng& rng) const override {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      Rng own = rng.fork("layer" + std::to_string(i));
      layers_[i].init(params, own);
    }
    readout_.init(params, rng);
  }
  Var log_probabilities(const Params& params, const EpisodeItems& items, Context& context,
                        Trace* trace) const override {
    Var x;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const Layer& layer = layers_[i];
      // Before the first layer the support is the same in all graphs: it is projected once.
      const auto nodes = [&](auto&& map) {
        return i == 0 ? graphs_of(map(items.support), map(items.query)) : map(x);
      };
      const Var z = nodes([&](const Var& y) { return layer.project(params, y, context); });
      std::vector<Array> maps;
      Var next = layer.read(params, z, context, trace ? &maps : nullptr);
      if (layer.skips())
        next = next + nodes([&](const Var& y) { return layer.skip(params, y, context); });
      x = elu(next);
      if (trace) add_maps(maps, "layer" + std::to_string(i + 1), *trace);
    }
    const std::size_t count = items.labels.size();
    const Var query = reshape(slice(x, 1, count, count + 1), {x.shape()[0], x.shape()[2]});
    return readout_.each(params, query, slice(x, 1, 0, count), items.labels, items.ways, context,
                         trace ? &trace->weights : nullptr);
  }

 private:
  HeadSizes heads_;
  Readout readout_;
  std::vector<Layer> layers_;
};

const Register<Structure, std::size_t, const std::string&> part{
    "graph", "graph attention among the support and one query (Veličković et al. 2018)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<Graph>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
