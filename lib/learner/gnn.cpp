#include <algorithm>

#include "attention/attention.hpp"
#include "learner/learner.hpp"
#include "learner/query_graphs.hpp"
#include "nn/batch_norm.hpp"
#include "nn/linear.hpp"

namespace attune {
namespace {

std::size_t size_of(std::int64_t value) { return static_cast<std::size_t>(value); }

// Learned edges: Ã_ij = softmax over j ≠ i of MLP(|x_i − x_j|) (Garcia & Bruna 2018, eq. 3–4). Each
// hidden layer has batch-norm, over the pairs compared, and ReLU (the authors' code: leaky ReLU).
class Edges {
 public:
  Edges(const std::string& name, std::size_t in, const std::vector<std::int64_t>& widths) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string layer = name + ".layer" + std::to_string(i + 1);
      layers_.emplace_back(layer, in, size_of(widths[i]), false);
      norms_.emplace_back(layer + ".norm", size_of(widths[i]));
      in = size_of(widths[i]);
    }
    layers_.emplace_back(name + ".last", in, 1, false);  // no softmax sees a bias
  }
  void init(Params& params, Rng& rng) const {
    for (const Linear& layer : layers_) layer.init(params, rng);
    for (const BatchNorm& norm : norms_) norm.init(params, rng);
  }
  // x (rows, F) → (Q,V,V), or (Q,1,V) of the queries only.
  Var operator()(const Params& params, const Var& x, const QueryGraphs& graphs, bool of_query_only,
                 Context& context) const {
    const GraphPairs pairs(graphs, of_query_only);
    Var y = abs(gather(x, pairs.left) - gather(x, pairs.right));
    for (std::size_t i = 0; i < norms_.size(); ++i)
      y = norms_[i].relu(params, layers_[i].forward(params, y, context), context);
    const Var score = layers_.back().forward(params, y, context);
    const Var closed = concat({score, constant(Array::full({1, 1}, Real(-1e30)))}, 0);
    return softmax(reshape(gather(closed, pairs.pair),
                           {graphs.queries, of_query_only ? 1 : graphs.nodes(), graphs.nodes()}));
  }

 private:
  std::vector<Linear> layers_;
  std::vector<BatchNorm> norms_;
};

// One graph for each query, of it and the support: x_i = [φ(x_i), h(l_i)], h one-hot, uniform for
// the query. Each layer adds features to every node, x ← [x, ρ([x, Ãx]·θ)] with batch-norm and
// leaky ReLU as ρ; the last one, linear, reads the logits off the query's node (Garcia & Bruna
// 2018, §4, eq. 2–4). Label fields are as wide as `ways`, and weights belong to their places, so
// that renaming classes does change the logits. Pairs of support items, alike in all graphs of the
// first layer, are compared once there; the last layer needs the query's edges only.
class GraphNetwork : public Learner {
 public:
  GraphNetwork(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        fields_(size_of(config.integer("ways", 20, {2, 4096},
                                       "width of the label fields: classes an episode may have"))),
        width_(size_of(config.integer("width", 48, {1, 4096}, "features a layer adds"))) {
    const auto layers = size_of(config.integer("layers", 2, {1, 16}, "layers before the last"));
    const std::vector<std::int64_t> widths =
        config.integers("adjacency", {96, 96}, {1, 4096},
                        "hidden layers of the edges' network (authors: 192, 192, 96, 96)");
    std::size_t features = encoder_->features() + fields_;
    for (std::size_t i = 0; i <= layers; ++i) {
      const std::string name = i < layers ? "graph.layer" + std::to_string(i + 1) : "graph.last";
      edges_.emplace_back(name + ".edges", features, widths);
      steps_.emplace_back(name, 2 * features, i < layers ? width_ : fields_, i == layers);
      if (i < layers) norms_.emplace_back(name + ".norm", width_);
      features += width_;
    }
  }
  Claims claims() const override {
    Claims claims;
    claims.label_equivariant = false;
    return claims;
  }
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    for (const Edges& edges : edges_) edges.init(params, rng);
    for (const Linear& step : steps_) step.init(params, rng);
    for (const BatchNorm& norm : norms_) norm.init(params, rng);
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  // In evaluation, where no query sees another, in groups that keep the pairs in memory few.
  Var logits(const Params& params, const Support& support, const Query& query, Context& context,
             Trace*) const override {
    if (support.ways > fields_)
      throw Error("gnn: want episodes of at most " + std::to_string(fields_) +
                  " ways (its setting \"ways\"), have " + std::to_string(support.ways));
    constexpr std::size_t kEntries = 1 << 17;
    const std::size_t queries = query.x.shape()[0], nodes = support.labels.size() + 1;
    const std::size_t group = context.mode == Mode::evaluate
                                  ? std::max<std::size_t>(1, kEntries / (nodes * nodes))
                                  : queries;
    if (group >= queries) return of_graphs(params, support, query.x, context);
    Vars parts;
    for (std::size_t begin = 0; begin < queries; begin += group)
      parts.push_back(of_graphs(
          params, support, slice(query.x, 0, begin, std::min(queries, begin + group)), context));
    return concat(parts, 0);
  }

 private:
  // (S+Q, D + fields)
  Var labelled(const Support& support, const Var& query) const {
    const std::size_t queries = query.shape()[0];
    const Array uniform =
        Array::full({queries, support.ways}, Real(1) / static_cast<Real>(support.ways));
    const Array known = one_hot(support.labels, support.ways);
    const Array fields = kernel::concat(std::vector{known, uniform}, 0);
    return concat({concat({support.x, query}, 0),
                   constant(kernel::pad(fields, 1, 0, fields_ - support.ways))},
                  1);
  }
  Var of_graphs(const Params& params, const Support& support, const Var& query,
                Context& context) const {
    QueryGraphs graphs{query.shape()[0], support.labels.size(), true};
    Var x = labelled(support, query);
    for (std::size_t i = 0; i < norms_.size(); ++i) {
      const Var adjacency = edges_[i](params, x, graphs, false, context);
      if (graphs.shared) x = gather(x, graphs.rows());
      graphs.shared = false;
      const Var added = norms_[i].forward(
          params, steps_[i].forward(params, with_neighbours(x, x, adjacency, graphs), context),
          context);
      x = concat({x, leaky_relu(added, Real(0.01))}, 1);
    }
    const Var adjacency = edges_.back()(params, x, graphs, true, context);
    const Var own = gather(x, graphs.rows_of_query());
    const Var found =
        steps_.back().forward(params, with_neighbours(own, x, adjacency, graphs), context);
    return slice(found, 1, 0, support.ways);
  }
  // [own, Ãx]: x (Q·V,F), adjacency (Q,R,V), own (Q·R,F) → (Q·R,2F).
  static Var with_neighbours(const Var& own, const Var& x, const Var& adjacency,
                             const QueryGraphs& graphs) {
    const Var of_graph = reshape(x, {graphs.queries, graphs.nodes(), x.shape()[1]});
    return concat({own, reshape(matmul(adjacency, of_graph), own.shape())}, 1);
  }

  std::unique_ptr<Encoder> encoder_;
  std::size_t fields_, width_;
  std::vector<Edges> edges_;
  std::vector<Linear> steps_;
  std::vector<BatchNorm> norms_;
};

const Register<Learner, const InputShape&> part{
    "gnn", "a graph of each query and the support, edges learned (Garcia & Bruna 2018)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<GraphNetwork>(config, input);
    }};

}  // namespace
}  // namespace attune
