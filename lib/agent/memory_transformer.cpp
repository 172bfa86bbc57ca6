#include "agent/memory.hpp"
#include "attention/transformer.hpp"
#include "nn/linear.hpp"
#include "nn/positions.hpp"

namespace attune {
namespace {

// A causal transformer over the steps; step by step with the keys and values of earlier ones kept.
class TransformerMemory : public Memory {
 public:
  TransformerMemory(const Config& config, std::size_t in, const std::string& prefix)
      : features_(static_cast<std::size_t>(
            config.integer("features", 64, {2, 65536}, "D, of each step; even"))),
        in_(prefix + ".in", in, features_),
        positions_(config.child("positions"), features_, prefix + ".positions"),
        stack_(config, features_, prefix, {.causal = true}) {}
  void init(Params& params, Rng& rng) const override {
    in_.init(params, rng);
    positions_.init(params, rng);
    stack_.init(params, rng);
  }
  std::size_t features() const override { return features_; }
  Var forward(const Params& params, const Var& x, Context& context,
              HistoryMaps* maps) const override {
    const Var placed = positions_(params, in_.forward(params, x, context));
    TransformerMaps seen;
    const Var y = stack_.forward(params, placed, nullptr, context, maps ? &seen : nullptr);
    if (maps) fill(seen, *maps);
    return y;
  }
  std::unique_ptr<MemoryState> start(const Params& params, std::size_t batch) const override {
    return std::make_unique<State>(*this, params, batch);
  }

 private:
  static void fill(const TransformerMaps& seen, HistoryMaps& maps) {
    for (std::size_t layer = 0; layer < seen.self.size(); ++layer) {
      const Array& all = seen.self[layer];  // (B,H,T,T)
      for (std::size_t head = 0; head < all.dim(1); ++head)
        maps.maps.push_back(
            {"layer" + std::to_string(layer + 1) + ".head" + std::to_string(head + 1),
             kernel::slice(all, 1, head, head + 1).reshaped({all.dim(0), all.dim(2), all.dim(3)})});
    }
  }

  struct State : MemoryState {
    State(const TransformerMemory& of, const Params& weights, std::size_t batch)
        : memory(of), params(weights) {
      (void)batch;
      Context context;
      state = memory.stack_.start(params, nullptr, nullptr, context);
    }
    Array step(const Array& x) override {
      const NoGrad scope;
      Context context;
      const std::size_t batch = x.dim(0), features = memory.features_;
      const Var item = constant(x.reshaped({batch, 1, x.dim(1)}));
      const Var placed =
          memory.positions_(params, memory.in_.forward(params, item, context), state.items);
      return memory.stack_.advance(params, placed, nullptr, state, context)
          .value()
          .reshaped({batch, features});
    }
    const TransformerMemory& memory;
    const Params& params;
    TransformerState state;
  };

  std::size_t features_;
  Linear in_;
  Positions positions_;
  Transformer stack_;
};

const Register<Memory, std::size_t, const std::string&> part{
    "transformer", "causal transformer over the history",
    [](const Config& config, std::size_t in, const std::string& prefix) {
      return std::make_unique<TransformerMemory>(config, in, prefix);
    }};

}  // namespace
}  // namespace attune
