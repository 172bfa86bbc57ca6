#include "attention/heads.hpp"
#include "attention/readout.hpp"
#include "attention/structure.hpp"
#include "nn/linear.hpp"

namespace attune {
namespace {

// Queries attend to the support in H learned subspaces: head h scores q·W_q^h against k·W_k^h. The
// values are the labels, so instead of joined outputs (Vaswani et al. 2017, §3.2.2) the class
// probabilities of the heads are averaged. Parameters of the score, if any, are shared by the
// heads. trace.weights: the mean of the heads' weights, which is what the answer is made of;
// trace.maps: each head's.
class MultiHead : public Structure {
 public:
  MultiHead(const Config& config, std::size_t features, const std::string& prefix)
      : heads_(config, features, 4),
        query_(prefix + ".query", features, heads_.width(), false),
        key_(prefix + ".key", features, heads_.width(), false),
        readout_(config, heads_.features, prefix, "scaled_dot") {}
  void init(Params& params, Rng& rng) const override {
    query_.init(params, rng);
    key_.init(params, rng);
    readout_.init(params, rng);
  }
  Var log_probabilities(const Params& params, const EpisodeItems& items, Context& context,
                        Trace* trace) const override {
    const Var q = split_heads(query_.forward(params, items.query, context), heads_.count);
    const Var k = split_heads(key_.forward(params, items.support, context), heads_.count);
    Array shown;
    const Var result =
        readout_(params, q, k, items.labels, items.ways, context, trace ? &shown : nullptr);
    if (trace) {
      trace->weights = mean(constant(shown), {0}).value();
      trace->maps.push_back({"heads", shown, "query", "support"});
    }
    return result;
  }

 private:
  HeadSizes heads_;
  Linear query_, key_;
  Readout readout_;
};

const Register<Structure, std::size_t, const std::string&> part{
    "multi_head",
    "cross-attention by several heads with own projections (Vaswani et al. 2017, §3.2.2)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<MultiHead>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
