#include <algorithm>

#include "agent/memory.hpp"
#include "attention/attention.hpp"
#include "attention/masks.hpp"
#include "nn/linear.hpp"

namespace attune {
namespace {

// What lies `back` steps before each, zeros before the first. x (B,T,C).
Var shifted(const Var& x, std::size_t back) {
  const std::size_t steps = x.shape()[1];
  if (back >= steps) return constant(Array::zeros(x.shape()));
  return pad(slice(x, 1, 0, steps - back), 1, back, 0);
}

// A causal convolution of two taps `dilation` apart, gated, joined to its input (Mishra et al.
// 2018, §3, "dense block").
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
  std::size_t dilation() const { return dilation_; }
  // x (…,C) and what lay `dilation` steps before → (…,C + filters)
  Var operator()(const Params& params, const Var& x, const Var& before, Context& context) const {
    const Var z = now_.forward(params, x, context) + past_.forward(params, before, context);
    const std::size_t last = x.shape().rank() - 1;
    return concat(
        {x, tanh(slice(z, last, 0, filters_)) * sigmoid(slice(z, last, filters_, 2 * filters_))},
        last);
  }

 private:
  Linear now_, past_;
  std::size_t filters_, dilation_;
};

// Each step attends to itself and to earlier ones; what it reads is joined to it (§3, "attention
// block").
class AttentionBlock {
 public:
  AttentionBlock(const Config& config, const std::string& prefix, std::size_t in, std::size_t keys,
                 std::size_t values)
      : query_(prefix + ".query", in, keys),
        key_(prefix + ".key", in, keys),
        value_(prefix + ".value", in, values),
        attention_(config, keys, prefix) {}
  void init(Params& params, Rng& rng) const {
    for (const Linear* layer : {&query_, &key_, &value_}) layer->init(params, rng);
    attention_.init(params, rng);
  }
  // The next steps x (B,t,C) of trials of which `k` and `v` hold the earlier ones (empty: none).
  Var operator()(const Params& params, const Var& x, Var& k, Var& v, Context& context,
                 Array* map) const {
    const auto append = [](Var& all, const Var& more) {
      all = all.empty() ? more : concat({all, more}, 1);
    };
    const std::size_t steps = x.shape()[1];
    append(k, key_.forward(params, x, context));
    append(v, value_.forward(params, x, context));
    const Mask mask = causal_mask(steps, k.shape()[1] - steps);
    const Var weights =
        attention_.weights(params, query_.forward(params, x, context), k, mask, context);
    if (map) *map = weights.value();
    return concat({x, matmul(weights, v)}, 2);
  }

 private:
  Linear query_, key_, value_;
  Attention attention_;
};

std::size_t count(const Config& config, const char* key, std::int64_t usual, const char* doc) {
  return static_cast<std::size_t>(config.integer(key, usual, {1, 4096}, doc));
}

// Dense blocks of dilation 1, 2, 4 … up to `reach` steps, then an attention block; so "layers"
// times (Mishra et al. 2018, §3 and app. B: two layers of 32 filters, 32 keys and 32 values).
class Snail : public Memory {
 public:
  Snail(const Config& config, std::size_t in, const std::string& prefix)
      : first_(prefix + ".in", in, count(config, "filters", 32, "of each dense block")) {
    const std::size_t filters = count(config, "filters", 32, "of each dense block");
    const std::size_t layers = count(config, "layers", 2, "dense blocks and attention");
    const std::size_t reach = count(config, "reach", 8, "steps that the dense blocks look back");
    const std::size_t keys = count(config, "keys", 32, "features of queries and keys");
    const std::size_t values = count(config, "values", 32, "features of what is read");
    std::size_t width = filters;
    for (std::size_t layer = 1; layer <= layers; ++layer) {
      const std::string name = prefix + ".layer" + std::to_string(layer);
      layers_.push_back({{}, nullptr});
      for (std::size_t dilation = 1; dilation <= reach; dilation *= 2) {
        layers_.back().dense.emplace_back(name + ".dense" + std::to_string(dilation), width,
                                          filters, dilation);
        width += filters;
      }
      layers_.back().attention = std::make_unique<AttentionBlock>(
          config.child("attention"), name + ".attention", width, keys, values);
      width += values;
    }
    features_ = width;
  }
  void init(Params& params, Rng& rng) const override {
    first_.init(params, rng);
    for (const Layer& layer : layers_) {
      for (const DenseBlock& block : layer.dense) block.init(params, rng);
      layer.attention->init(params, rng);
    }
  }
  std::size_t features() const override { return features_; }
  Var forward(const Params& params, const Var& x, Context& context,
              HistoryMaps* maps) const override {
    Var y = first_.forward(params, x, context);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      for (const DenseBlock& block : layers_[i].dense)
        y = block(params, y, shifted(y, block.dilation()), context);
      Var k, v;
      Array map;
      y = (*layers_[i].attention)(params, y, k, v, context, maps ? &map : nullptr);
      if (maps) maps->maps.push_back({"layer" + std::to_string(i + 1), std::move(map)});
    }
    return y;
  }
  std::unique_ptr<MemoryState> start(const Params& params, std::size_t batch) const override {
    return std::make_unique<State>(*this, params, batch);
  }

 private:
  struct Layer {
    std::vector<DenseBlock> dense;
    std::unique_ptr<AttentionBlock> attention;
  };

  struct State : MemoryState {
    State(const Snail& of, const Params& weights, std::size_t size)
        : snail(of), params(weights), batch(size), keys(of.layers_.size()) {}
    Array step(const Array& x) override {
      const NoGrad scope;
      Context context;
      Var y = snail.first_.forward(params, constant(x.reshaped({batch, 1, x.dim(1)})), context);
      std::size_t number = 0;
      for (std::size_t i = 0; i < snail.layers_.size(); ++i) {
        for (const DenseBlock& block : snail.layers_[i].dense) {
          if (number == inputs.size()) inputs.emplace_back();
          std::vector<Array>& past = inputs[number++];
          const bool known = past.size() >= block.dilation();
          const Var before =
              constant(known ? past[past.size() - block.dilation()] : Array::zeros(y.shape()));
          past.push_back(y.value());
          if (past.size() > block.dilation()) past.erase(past.begin());
          y = block(params, y, before, context);
        }
        auto& [k, v] = keys[i];
        y = (*snail.layers_[i].attention)(params, y, k, v, context, nullptr);
      }
      return y.value().reshaped({batch, snail.features_});
    }
    const Snail& snail;
    const Params& params;
    std::size_t batch;
    std::vector<std::vector<Array>> inputs;  // the last `dilation` ones of each dense block
    std::vector<std::pair<Var, Var>> keys;   // of each layer, with their values
  };

  Linear first_;
  std::vector<Layer> layers_;
  std::size_t features_ = 0;
};

const Register<Memory, std::size_t, const std::string&> part{
    "snail", "causal convolutions and attention over the history (Mishra et al. 2018)",
    [](const Config& config, std::size_t in, const std::string& prefix) {
      return std::make_unique<Snail>(config, in, prefix);
    }};

}  // namespace
}  // namespace attune
