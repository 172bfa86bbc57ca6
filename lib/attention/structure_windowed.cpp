#include <algorithm>

#include "attention/readout.hpp"
#include "attention/self_attention.hpp"
#include "attention/structure.hpp"

namespace attune {
namespace {

// (S,S): 1 where |i − j| ≤ window.
Mask band(std::size_t items, std::size_t window) {
  Array allowed = Array::zeros({items, items});
  Real* out = allowed.mutable_data();
  for (std::size_t i = 0; i < items; ++i) {
    const std::size_t begin = i > window ? i - window : 0;
    const std::size_t end = std::min(items, i + window + 1);
    std::fill(out + i * items + begin, out + i * items + end, Real(1));
  }
  return {std::move(allowed), false};
}

// The support is a sequence in which each item attends to its neighbours alone (local attention,
// e.g. Beltagy et al. 2020, §3.1), residual and normalised; then queries attend to all of it.
class Windowed : public Structure {
 public:
  Windowed(const Config& config, std::size_t features, const std::string& prefix)
      : window_(static_cast<std::size_t>(
            config.integer("window", 2, {0, 1 << 20},
                           "how far an item sees to either side in the order of the support"))),
        self_(config.child("self"), features, prefix + ".self", 1, 0.1),
        readout_(config, features, prefix) {}
  void init(Params& params, Rng& rng) const override {
    self_.init(params, rng);
    readout_.init(params, rng);
  }
  Var log_probabilities(const Params& params, const EpisodeItems& items, Context& context,
                        Trace* trace) const override {
    Array map;
    const Var seen = self_(params, items.support, band(items.labels.size(), window_), context,
                           trace ? &map : nullptr);
    if (trace) trace->maps.push_back({"self", map, "support", "support"});
    return readout_(params, items.query, seen, items.labels, items.ways, context,
                    trace ? &trace->weights : nullptr);
  }
  bool permutation_invariant() const override { return false; }

 private:
  std::size_t window_;
  SelfAttention self_;
  Readout readout_;
};

const Register<Structure, std::size_t, const std::string&> part{
    "windowed", "self-attention of each support item to its neighbours, then cross-attention",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<Windowed>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
