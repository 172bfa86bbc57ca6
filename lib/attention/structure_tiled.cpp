#include "attention/structure.hpp"

namespace attune {
namespace {

// The attention of "cross" with softmax, computed in tiles: the same answer, but the weights (Q,S)
// are never held, only to fill a trace. For every score that is a product of a query and a key.
class Tiled : public Structure {
 public:
  Tiled(const Config& config, std::size_t features, const std::string& prefix)
      : score_(ScoreRegistry::make(config.child("score"), "cosine", features, prefix + ".score")) {
    if (!score_->has_dot_form())
      throw UsageError(config.origin() + ": " + config.path() +
                       ".score.kind: tiled wants a product of a query and a key (dot, scaled_dot, "
                       "cosine, bilinear, squared_euclidean), have another score");
  }
  void init(Params& params, Rng& rng) const override { score_->init(params, rng); }
  Var log_probabilities(const Params& params, const EpisodeItems& items, Context&,
                        Trace* trace) const override {
    const DotForm form = score_->dot_form(params, items.query, items.support);
    if (trace)
      trace->weights = kernel::softmax(
          kernel::scale(kernel::matmul(form.q.value(), form.k.value(), false, true), form.factor));
    const Var probability =
        tiled_attention(form.q, form.k, constant(one_hot(items.labels, items.ways)), form.factor);
    constexpr Real kTiny = Real(1e-30);  // keeps the logarithm finite where a class underflows
    return log(probability + kTiny);
  }

 private:
  std::unique_ptr<Score> score_;
};

const Register<Structure, std::size_t, const std::string&> part{
    "tiled", "exact softmax attention in tiles, memory linear in length (Rabe & Staats 2021)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<Tiled>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
