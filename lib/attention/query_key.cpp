#include "attention/query_key.hpp"

namespace attune {

QueryKey::QueryKey(const Config& config, std::size_t query_features, std::size_t key_features,
                   std::size_t width, const std::string& prefix)
    : query(prefix + ".query", query_features, width, false),
      key(prefix + ".key", key_features, width, false),
      alike_(config.choice("start", "apart", {"apart", "alike"},
                           "projections of queries and keys drawn each on its own, or the same at "
                           "first: like attends to like from the start") == "alike") {
  if (alike_ && query_features != key_features)
    throw UsageError(config.origin() + ": " + config.path() +
                     ".start: alike wants as many features of keys as of queries, " +
                     std::to_string(query_features) + ", have " + std::to_string(key_features));
}

void QueryKey::init(Params& params, Rng& rng) const {
  query.init(params, rng);
  if (alike_)
    key.init_as(params, query);
  else
    key.init(params, rng);
}

}  // namespace attune
