#include "agent/memory.hpp"
#include "nn/gru.hpp"

namespace attune {
namespace {

// RL² (Duan et al. 2016, §2.2; Wang et al. 2016).
class GruMemory : public Memory {
 public:
  GruMemory(const Config& config, std::size_t in, const std::string& prefix)
      : hidden_(static_cast<std::size_t>(config.integer("hidden", 64, {1, 65536}, "units"))),
        gru_(prefix + ".gru", in, hidden_, Direction::forward) {}
  void init(Params& params, Rng& rng) const override { gru_.init(params, rng); }
  std::size_t features() const override { return hidden_; }
  Var forward(const Params& params, const Var& x, Context&, HistoryMaps*) const override {
    return gru_.forward(params, x);
  }
  std::unique_ptr<MemoryState> start(const Params& params, std::size_t batch) const override {
    return std::make_unique<State>(gru_.cell(), params, Array::zeros({batch, hidden_}));
  }

 private:
  struct State : MemoryState {
    State(const GruCell& of, const Params& weights, Array start)
        : cell(of), params(weights), h(std::move(start)) {}
    Array step(const Array& x) override {
      const NoGrad scope;
      return h = cell.step(params, cell.project(params, constant(x)), constant(h)).value();
    }
    const GruCell& cell;
    const Params& params;
    Array h;
  };
  std::size_t hidden_;
  Gru gru_;
};

const Register<Memory, std::size_t, const std::string&> part{
    "gru", "gated recurrent unit: RL² (Duan et al. 2016)",
    [](const Config& config, std::size_t in, const std::string& prefix) {
      return std::make_unique<GruMemory>(config, in, prefix);
    }};

}  // namespace
}  // namespace attune
