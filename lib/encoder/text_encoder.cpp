#include "encoder/text_encoder.hpp"

namespace attune {

TextEncoder::TextEncoder(const Config& config, const InputShape& input, const std::string& prefix)
    : embedding_(config.child("embedding"), input, prefix + ".embedding"), text_(input.text) {}

void TextEncoder::init(Params& params, Rng& rng) const {
  embedding_.init(params, rng);
  init_layers(params, rng);
}

Var TextEncoder::forward(const Params& params, const Var& x, Context& context) const {
  const std::vector<TokenBucket> buckets = token_buckets(x.value());
  const Vars tokens = embedding_(params, buckets, context);
  Vars parts;
  for (std::size_t i = 0; i < buckets.size(); ++i)
    parts.push_back(encode(params, {tokens[i], buckets[i].present, buckets[i]}, context, nullptr));
  return gather(parts.size() == 1 ? parts[0] : concat(parts, 0), places_of(buckets));
}

Array TextEncoder::token_weights(const Params& params, const Var& x, Context& context) const {
  const NoGrad scope;
  const std::vector<TokenBucket> buckets = token_buckets(x.value());
  const Vars tokens = embedding_(params, buckets, context);
  const std::size_t widest = x.shape()[2];
  Array result = Array::zeros({x.shape()[0], widest});
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    Array weights;
    encode(params, {tokens[i], buckets[i].present, buckets[i]}, context, &weights);
    for (std::size_t b = 0; b < buckets[i].size(); ++b)
      std::copy_n(weights.data() + b * buckets[i].length, buckets[i].length,
                  result.mutable_data() + buckets[i].rows[b] * widest);
  }
  return result;
}

}  // namespace attune
