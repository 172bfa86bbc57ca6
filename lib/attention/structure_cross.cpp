#include "attention/readout.hpp"
#include "attention/structure.hpp"

namespace attune {
namespace {

// Each query attends to the support items themselves, with the labels as values; without context.
class Cross : public Structure {
 public:
  Cross(const Config& config, std::size_t features, const std::string& prefix)
      : readout_(config, features, prefix) {}
  void init(Params& params, Rng& rng) const override { readout_.init(params, rng); }
  Var log_probabilities(const Params& params, const EpisodeItems& items, Context& context,
                        Trace* trace) const override {
    return readout_(params, items.query, items.support, items.labels, items.ways, context,
                    trace ? &trace->weights : nullptr);
  }

 private:
  Readout readout_;
};

const Register<Structure, std::size_t, const std::string&> part{
    "cross", "queries attend to the support, labels as values (Vinyals et al. 2016, eq. 1)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<Cross>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
