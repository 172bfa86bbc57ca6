#include "attention/readout.hpp"
#include "attention/self_attention.hpp"
#include "attention/structure.hpp"

namespace attune {
namespace {

// (N,S): row n has 1/K_n at each of the K_n items labelled n.
Array class_means(const Indices& labels, std::size_t ways) {
  const std::size_t items = labels.size();
  std::vector<std::size_t> count(ways);
  for (std::uint32_t label : labels) ++count.at(label);
  Array result = Array::zeros({ways, items});
  Real* out = result.mutable_data();
  for (std::size_t i = 0; i < items; ++i)
    out[labels[i] * items + i] = Real(1) / static_cast<Real>(count[labels[i]]);
  return result;
}

// The support adapts its features to the task by attention among itself, residual and normalised
// (FEAT, Ye et al. 2020, eq. 5–7); then queries, whose features stay as they are, attend to it.
// Over prototypes the set is that of the class means, as in FEAT's experiments, and each item's
// share in an answer (trace.weights) is its prototype's, divided among the class.
class SetToSet : public Structure {
 public:
  SetToSet(const Config& config, std::size_t features, const std::string& prefix)
      : prototypes_(config.choice("over", "items", {"items", "prototypes"},
                                  "what attends to each other: support items or class means") ==
                    "prototypes"),
        self_(config.child("self"), features, prefix + ".self", 1, 0.5),
        readout_(config, features, prefix) {}
  void init(Params& params, Rng& rng) const override {
    self_.init(params, rng);
    readout_.init(params, rng);
  }
  Var log_probabilities(const Params& params, const EpisodeItems& items, Context& context,
                        Trace* trace) const override {
    Array map, shown;
    const Array means = prototypes_ ? class_means(items.labels, items.ways) : Array();
    Indices labels = items.labels;
    if (prototypes_) {
      labels.resize(items.ways);
      for (std::size_t n = 0; n < items.ways; ++n) labels[n] = static_cast<std::uint32_t>(n);
    }
    const Var set = prototypes_ ? matmul(constant(means), items.support) : items.support;
    const Var adapted = self_(params, set, {}, context, trace ? &map : nullptr);
    const Var result = readout_(params, items.query, adapted, labels, items.ways, context,
                                trace ? &shown : nullptr);
    if (trace) {
      const std::string side = prototypes_ ? "prototypes" : "support";
      trace->maps.push_back({"self", map, side, side});
      trace->weights = prototypes_ ? kernel::matmul(shown, means) : shown;
    }
    return result;
  }

 private:
  bool prototypes_;
  SelfAttention self_;
  Readout readout_;
};

const Register<Structure, std::size_t, const std::string&> part{
    "set_to_set", "self-attention over the support, then cross-attention (FEAT, Ye et al. 2020)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<SetToSet>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
