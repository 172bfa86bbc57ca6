#include "learner/neural_process.hpp"

namespace attune {

std::size_t process_hidden(const Config& config) {
  return static_cast<std::size_t>(
      config.integer("hidden", 128, {1, 65536}, "features of the hidden layers of h and g"));
}

ItemEncoder::ItemEncoder(std::size_t features, std::size_t hidden, std::size_t out)
    : first_("process.item.first", features, hidden), last_("process.item.last", hidden, out) {}

void ItemEncoder::init(Params& params, Rng& rng) const {
  first_.init(params, rng);
  last_.init(params, rng);
}

Var ItemEncoder::operator()(const Params& params, const Var& x, Context& context) const {
  return last_.forward(params, relu(first_.forward(params, x, context)), context);
}

ClassDecoder::ClassDecoder(std::size_t features, std::size_t representation, std::size_t hidden)
    : of_query_("process.decoder.query", features, hidden),
      of_class_("process.decoder.class", representation, hidden, false),
      of_all_("process.decoder.all", representation, hidden, false),
      second_("process.decoder.second", hidden, hidden),
      last_("process.decoder.last", hidden, 1, false) {}  // no softmax sees a bias

void ClassDecoder::init(Params& params, Rng& rng) const {
  for (const Linear* layer : {&of_query_, &of_class_, &of_all_, &second_, &last_})
    layer->init(params, rng);
}

Var ClassDecoder::operator()(const Params& params, const Var& x, const Var& r,
                             Context& context) const {
  const std::size_t queries = x.shape()[0], ways = r.shape()[1];
  const Var query = reshape(x, {queries, 1, x.shape()[1]});
  const Var shared = of_query_.forward(params, query, context) +
                     of_all_.forward(params, mean(r, {1}, true), context);
  const Var first = relu(shared + of_class_.forward(params, r, context));
  const Var second = relu(second_.forward(params, first, context));
  return reshape(last_.forward(params, second, context), {queries, ways});
}

}  // namespace attune
