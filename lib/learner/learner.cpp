#include "learner/learner.hpp"

namespace attune {

Var Learner::loss(const Params& params, const Support& support, const Query& query,
                  const Indices& query_labels, Context& context) const {
  return cross_entropy(logits(params, support, query, context), query_labels);
}

}  // namespace attune
