#include <cmath>
#include <map>

#include "encoder/text_encoder.hpp"
#include "encoder/token_pooling.hpp"

namespace attune {
namespace {

// The mean of the tokens' vectors, each weighing 1 or its word's inverse document frequency;
// "sublinear": a word that stands n times weighs 1 + ln n times as much as once, not n times.
class Average : public TextEncoder {
 public:
  Average(const Config& config, const InputShape& input, const std::string& prefix, bool idf)
      : TextEncoder(config, input, prefix),
        idf_(idf),
        sublinear_(config.flag("sublinear", false,
                               "a word that stands n times counts 1 + ln n times, not n")) {}
  std::size_t features() const override { return embedding().features(); }

 protected:
  void init_layers(Params&, Rng&) const override {}
  Var encode(const Params&, const TokenBatch& batch, Context&, Array* weights) const override {
    const bool plain = !idf_ && !sublinear_;
    const Array shares = token_shares(batch.present, plain ? Array() : weights_of(batch.bucket));
    if (weights) *weights = shares;
    return weighted_sum(shares, batch.x);
  }

 private:
  Array weights_of(const TokenBucket& bucket) const {
    Array result = Array::full(bucket.present.shape(), Real(1));
    Real* weight = result.mutable_data();
    const std::size_t tokens = bucket.present.shape()[1];
    std::map<std::uint32_t, std::size_t> count;
    for (std::size_t i = 0; i < bucket.word.size(); ++i) {
      if (sublinear_ && i % tokens == 0) count = counts(bucket, i, tokens);
      const std::uint32_t word = bucket.word[i];
      if (idf_)
        weight[i] =
            static_cast<Real>(text().vocabulary.inverse_document_frequency(text().place(word)));
      if (sublinear_ && bucket.present.data()[i] != 0) {
        const auto n = static_cast<double>(count.at(word));
        weight[i] *= static_cast<Real>((1 + std::log(n)) / n);
      }
    }
    return result;
  }
  // How often each word stands in the text whose first token is `first`.
  static std::map<std::uint32_t, std::size_t> counts(const TokenBucket& bucket, std::size_t first,
                                                     std::size_t tokens) {
    std::map<std::uint32_t, std::size_t> count;
    for (std::size_t i = first; i < first + tokens; ++i)
      if (bucket.present.data()[i] != 0) ++count[bucket.word[i]];
    return count;
  }
  bool idf_, sublinear_;
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
