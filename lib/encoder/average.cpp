#include <algorithm>

#include "encoder/text_encoder.hpp"
#include "encoder/token_pooling.hpp"

namespace attune {
namespace {

// The mean of the tokens' vectors, each weighing 1 or its word's inverse document frequency.
class Average : public TextEncoder {
 public:
  Average(const Config& config, const InputShape& input, const std::string& prefix, bool idf)
      : TextEncoder(config, input, prefix), idf_(idf) {}
  std::size_t features() const override { return embedding().features(); }

 protected:
  void init_layers(Params&, Rng&) const override {}
  Var encode(const Params&, const TokenBatch& batch, Context&, Array* weights) const override {
    const Array shares = token_shares(batch.present, idf_ ? idf(batch.bucket) : Array());
    if (weights) *weights = shares;
    return weighted_sum(shares, batch.x);
  }

 private:
  Array idf(const TokenBucket& bucket) const {
    Array result(bucket.present.shape());
    std::transform(bucket.word.begin(), bucket.word.end(), result.mutable_data(),
                   [this](std::uint32_t word) {
                     return static_cast<Real>(
                         text().vocabulary.inverse_document_frequency(text().place(word)));
                   });
    return result;
  }
  bool idf_;
};

Register<Encoder, const InputShape&, const std::string&> registered(const std::string& name,
                                                                    const std::string& summary,
                                                                    bool idf) {
  return {name, summary,
          [idf](const Config& config, const InputShape& input, const std::string& prefix) {
            return std::make_unique<Average>(config, input, prefix, idf);
          }};
}

const auto plain = registered("average", "of texts: the mean of the tokens' vectors", false);
const auto weighted = registered(
    "idf_average",
    "of texts: their mean weighted by inverse document frequency (Arora et al. 2017)", true);

}  // namespace
}  // namespace attune
