#include "attention/readout.hpp"

namespace attune {

Readout::Readout(const Config& config, std::size_t features, const std::string& prefix,
                 const std::string& score)
    : attention_(config, features, prefix, score),
      floor_(static_cast<Real>(config.real(
          "floor", 1e-3, {1e-12, 0.5},
          "share of the uniform distribution mixed in where a weight may be exactly 0"))) {}

Var Readout::operator()(const Params& params, const Var& q, const Var& k, const Indices& labels,
                        std::size_t ways, Context& context, Array* shown) const {
  return attention_.label_log_probabilities(params, q, k, labels, ways, floor_, context, shown);
}

Var Readout::each(const Params& params, const Var& q, const Var& k, const Indices& labels,
                  std::size_t ways, Context& context, Array* shown) const {
  const Var scores = attention_.scores(params, by_query(q), k, context);  // (Q,1,S)
  const Var flat = reshape(scores, {k.shape()[0], k.shape()[1]});
  return attention_.read_labels(flat, labels, ways, floor_, context, shown);
}

}  // namespace attune
