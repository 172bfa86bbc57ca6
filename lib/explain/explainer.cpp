#include "explain/explainer.hpp"

#include "train/task_family.hpp"

namespace attune {

void explain(const ExplainRequest& request) {
  const std::string where = request.model + ": /config";
  const Config config = Config::parse(read_model_header(request.model).config, where);
  check_pool_option(config, request.pool);
  Registry<Explainer>::entries().at(family_name(config)).make(config)->operator()(request);
}

}  // namespace attune
