#include "attention/structure.hpp"

namespace attune {
namespace {

// Each query attends to the support items themselves, with the labels as values; without context.
class Cross : public Structure {
 public:
  Cross(const Config& config, std::size_t features, const std::string& prefix)
      : attention_(config, features, prefix, "cosine"),
        floor_(static_cast<Real>(config.real(
            "floor", 1e-3, {1e-12, 0.5},
            "share of the uniform distribution mixed in where a weight may be exactly 0"))) {}
  void init(Params& params, Rng& rng) const override { attention_.init(params, rng); }
  Var log_probabilities(const Params& params, const EpisodeItems& items, Context& context,
                        Trace* trace) const override {
    return attention_.label_log_probabilities(params, items.query, items.support, items.labels,
                                              items.ways, floor_, context,
                                              trace ? &trace->weights : nullptr);
  }

 private:
  Attention attention_;
  Real floor_;
};

const Register<Structure, std::size_t, const std::string&> part{
    "cross", "queries attend to the support, labels as values (Vinyals et al. 2016, eq. 1)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<Cross>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
