#pragma once
#include <memory>
#include <string>

#include "nn/lstm.hpp"
#include "nn/module.hpp"

namespace attune {

// Sentences as sequences of features: x (P,W,D), present (P,W), 1 where a sentence has a word →
// (P,W,D).
struct SentenceEncoder {
  virtual ~SentenceEncoder() = default;
  virtual void init(Params& params, Rng& rng) const = 0;
  virtual Var forward(const Params& params, const Var& x, const Array& present,
                      Context& context) const = 0;
};

// A stack of transformer blocks, one by default; weights below `prefix`.
std::unique_ptr<SentenceEncoder> transformer_encoder(const Config& config, std::size_t features,
                                                     const std::string& prefix);

// An LSTM from each end, of half the features each, next to each other: <prefix>.forward and
// .backward. D even, else UsageError.
class TwoWayLstm : public SentenceEncoder {
 public:
  TwoWayLstm(const std::string& prefix, std::size_t features);
  void init(Params& params, Rng& rng) const override;
  Var forward(const Params& params, const Var& x, const Array& present,
              Context& context) const override;

 private:
  Lstm forward_, backward_;
};

}  // namespace attune
