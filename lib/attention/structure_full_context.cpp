#include "attention/readout.hpp"
#include "attention/structure.hpp"
#include "nn/lstm.hpp"

namespace attune {
namespace {

// Full context embeddings (Vinyals et al. 2016, §2.1.2 and appendix A): the support is read in
// both directions, g(x_i) = h_i→ + h_i← + g'(x_i) (A.2), and the query reads the support K times:
//   ĥ_k, c_k = LSTM(f'(x), [h_{k−1}, r_{k−1}], c_{k−1}),  h_k = ĥ_k + f'(x)   (A.1, eq. 3–4)
//   r_{k−1} = Σ_i a(h_{k−1}, g(x_i)) g(x_i)                                   (eq. 5–6)
// from ĥ_0 = c_0 = 0. The answer is attention of h_K to g with the labels as values (eq. 1–2).
// trace.maps: the K attention reads.
class FullContext : public Structure {
 public:
  FullContext(const Config& config, std::size_t features, const std::string& prefix)
      : steps_(static_cast<std::size_t>(config.integer(
            "steps", 3, {1, 1000}, "how often a query reads the support before the readout"))),
        forward_(prefix + ".forward", features, features, Lstm::Direction::forward),
        backward_(prefix + ".backward", features, features, Lstm::Direction::backward),
        query_(prefix + ".query", features, features, 2 * features),
        read_(config.child("read"), features, prefix + ".read", "dot"),
        readout_(config, features, prefix) {}
  void init(Params& params, Rng& rng) const override {
    forward_.init(params, rng);
    backward_.init(params, rng);
    query_.init(params, rng);
    read_.init(params, rng);
    readout_.init(params, rng);
  }
  Var log_probabilities(const Params& params, const EpisodeItems& items, Context& context,
                        Trace* trace) const override {
    const Var support = read_support(params, items.support);
    const Var query = read_query(params, items.query, support, context, trace);
    return readout_(params, query, support, items.labels, items.ways, context,
                    trace ? &trace->weights : nullptr);
  }
  bool permutation_invariant() const override { return false; }

 private:
  Var read_support(const Params& params, const Var& x) const {
    const Var sequence = reshape(x, {1, x.shape()[0], x.shape()[1]});
    const Var both =
        forward_.forward(params, sequence).each + backward_.forward(params, sequence).each;
    return reshape(both, x.shape()) + x;
  }
  Var read_query(const Params& params, const Var& x, const Var& support, Context& context,
                 Trace* trace) const {
    const Var projected = query_.project(params, x);
    Var h = x, c = constant(Array::zeros(x.shape()));
    for (std::size_t k = 0; k < steps_; ++k) {
      const Var weights = read_.weights(params, h, support, {}, context);
      if (trace)
        trace->maps.push_back(
            {"read" + std::to_string(k + 1),
             weights.value().reshaped({1, weights.shape()[0], weights.shape()[1]}), "query",
             "support"});
      const Var read = matmul(weights, support);
      const LstmState next = query_.step(params, projected, concat({h, read}, 1), c);
      h = next.h + x;
      c = next.c;
    }
    return h;
  }

  std::size_t steps_;
  Lstm forward_, backward_;
  LstmCell query_;
  Attention read_;
  Readout readout_;
};

const Register<Structure, std::size_t, const std::string&> part{
    "full_context",
    "support read by a bi-LSTM, queries by an LSTM that attends to it (Vinyals et al. 2016, A)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<FullContext>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
