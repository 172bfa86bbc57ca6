#include "agent/memory.hpp"
#include "attention/heads.hpp"
#include "attention/masks.hpp"
#include "nn/layer_norm.hpp"
#include "nn/linear.hpp"

namespace attune {
namespace {

constexpr Real kFloor = static_cast<Real>(1e-6);

Var feature_map(const Var& x) { return elu(x) + Real(1); }

// (B,T,H·F) ↔ (B,H,T,F)
Var to_heads(const Var& x, std::size_t heads) {
  const Shape& s = x.shape();
  return permute(reshape(x, {s[0], s[1], heads, s[2] / heads}), {0, 2, 1, 3});
}
Var from_heads(const Var& x) {
  const Shape& s = x.shape();
  return reshape(permute(x, {0, 2, 1, 3}), {s[0], s[2], s[1] * s[3]});
}

// x + W_o·heads(LayerNorm(x)), then x + W_2·relu(W_1·LayerNorm(x)); each head reads
// φ(q)ᵀΣφ(k)vᵀ / φ(q)ᵀΣφ(k), sums over itself and what came before (Katharopoulos et al. 2020,
// eq. 9–11).
class LinearBlock {
 public:
  LinearBlock(const std::string& prefix, std::size_t features, std::size_t heads)
      : heads_(heads),
        norm_(prefix + ".norm", features),
        feed_norm_(prefix + ".feed_norm", features),
        query_(prefix + ".query", features, features, false),
        key_(prefix + ".key", features, features, false),
        value_(prefix + ".value", features, features, false),
        out_(prefix + ".out", features, features),
        wide_(prefix + ".wide", features, 4 * features),
        narrow_(prefix + ".narrow", 4 * features, features) {}
  void init(Params& params, Rng& rng) const {
    for (const LayerNorm* norm : {&norm_, &feed_norm_}) norm->init(params, rng);
    for (const Linear* layer : {&query_, &key_, &value_, &out_, &wide_, &narrow_})
      layer->init(params, rng);
  }

  // All steps at once: the sums as masked products.
  Var forward(const Params& params, const Var& x, Context& context, Array* map) const {
    const Heads h = project(params, x, context);
    const Array allowed = causal_mask(x.shape()[1]).allowed;
    const Var weights = matmul(h.q, h.k, false, true) * constant(allowed);  // (B,H,T,T)
    const Var total = sum(weights, {3}, true) + kFloor;
    if (map) *map = (weights / total).value();
    return feed(params, x, matmul(weights, h.v) / total, context);
  }

  // One more step, at a cost that does not grow; memory (B,H,F,F), total (B,H,1,F), empty at first.
  Var step(const Params& params, const Var& x, Var& memory, Var& total, Context& context) const {
    const Heads h = project(params, x, context);
    const auto add = [](Var& sum, const Var& more) { sum = sum.empty() ? more : sum + more; };
    add(memory, matmul(h.k, h.v, true, false));
    add(total, h.k);
    const Var read = matmul(h.q, memory) / (matmul(h.q, total, false, true) + kFloor);
    return feed(params, x, read, context);
  }

 private:
  struct Heads {
    Var q, k, v;
  };
  Heads project(const Params& params, const Var& x, Context& context) const {
    const Var y = norm_.forward(params, x, context);
    return {to_heads(feature_map(query_.forward(params, y, context)), heads_),
            to_heads(feature_map(key_.forward(params, y, context)), heads_),
            to_heads(value_.forward(params, y, context), heads_)};
  }
  Var feed(const Params& params, const Var& x, const Var& read, Context& context) const {
    const Var y = x + out_.forward(params, from_heads(read), context);
    const Var hidden = relu(wide_.forward(params, feed_norm_.forward(params, y, context), context));
    return y + narrow_.forward(params, hidden, context);
  }

  std::size_t heads_;
  LayerNorm norm_, feed_norm_;
  Linear query_, key_, value_, out_, wide_, narrow_;
};

// Trained by masked products, played with sums of a fixed size. Places are not told apart but by
// what is seen at them.
class LinearMemory : public Memory {
 public:
  LinearMemory(const Config& config, std::size_t in, const std::string& prefix)
      : heads_(static_cast<std::size_t>(config.integer("heads", 4, {1, 64}, "heads"))),
        features_(heads_ * static_cast<std::size_t>(config.integer("head_features", 16, {1, 1024},
                                                                   "features of each head"))),
        in_(prefix + ".in", in, features_),
        norm_(prefix + ".norm", features_) {
    const auto layers = static_cast<std::size_t>(config.integer("layers", 2, {1, 64}, "blocks"));
    for (std::size_t i = 1; i <= layers; ++i)
      blocks_.emplace_back(prefix + ".block" + std::to_string(i), features_, heads_);
  }
  void init(Params& params, Rng& rng) const override {
    in_.init(params, rng);
    for (const LinearBlock& block : blocks_) block.init(params, rng);
    norm_.init(params, rng);
  }
  std::size_t features() const override { return features_; }
  Var forward(const Params& params, const Var& x, Context& context,
              HistoryMaps* maps) const override {
    Var y = in_.forward(params, x, context);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      Array all;
      y = blocks_[i].forward(params, y, context, maps ? &all : nullptr);
      for (std::size_t head = 0; maps && head < heads_; ++head)
        maps->maps.push_back(
            {"layer" + std::to_string(i + 1) + ".head" + std::to_string(head + 1),
             kernel::slice(all, 1, head, head + 1).reshaped({all.dim(0), all.dim(2), all.dim(3)})});
    }
    return norm_.forward(params, y, context);
  }
  std::unique_ptr<MemoryState> start(const Params& params, std::size_t) const override {
    return std::make_unique<State>(*this, params);
  }

 private:
  struct State : MemoryState {
    State(const LinearMemory& of, const Params& weights)
        : memory(of), params(weights), sums(of.blocks_.size()) {}
    Array step(const Array& x) override {
      const NoGrad scope;
      Context context;
      Var y = memory.in_.forward(params, constant(x.reshaped({x.dim(0), 1, x.dim(1)})), context);
      for (std::size_t i = 0; i < sums.size(); ++i)
        y = memory.blocks_[i].step(params, y, sums[i].first, sums[i].second, context);
      return memory.norm_.forward(params, y, context)
          .value()
          .reshaped({x.dim(0), memory.features_});
    }
    const LinearMemory& memory;
    const Params& params;
    std::vector<std::pair<Var, Var>> sums;  // of each block
  };

  std::size_t heads_, features_;
  Linear in_;
  std::vector<LinearBlock> blocks_;
  LayerNorm norm_;
};

const Register<Memory, std::size_t, const std::string&> part{
    "linear", "causal attention of linear cost over the history (Katharopoulos et al. 2020)",
    [](const Config& config, std::size_t in, const std::string& prefix) {
      return std::make_unique<LinearMemory>(config, in, prefix);
    }};

}  // namespace
}  // namespace attune
