// A task family of its own through the same Problem, trainer and checkpoints: copy a sequence of
// variable length, padding masked.
#include <doctest/doctest.h>

#include "attention/attention.hpp"
#include "nn/embedding.hpp"
#include "train/resume.hpp"

using namespace attune;

namespace {

constexpr std::size_t kTokens = 6, kLongest = 5, kFeatures = 16, kBatch = 8;

struct Sequences {
  Indices tokens;                    // (B·T), padding is token 0
  std::vector<std::size_t> lengths;  // (B)
};

Sequences draw(std::uint64_t number) {
  Sequences s;
  Rng rng(9, "sequences", number);
  for (std::size_t b = 0; b < kBatch; ++b) {
    s.lengths.push_back(1 + rng.below(kLongest));
    for (std::size_t t = 0; t < kLongest; ++t)
      s.tokens.push_back(t < s.lengths[b] ? static_cast<std::uint32_t>(1 + rng.below(kTokens - 1))
                                          : 0);
  }
  return s;
}

struct Copier : Problem {
  Embedding tokens{"tokens", kTokens, kFeatures}, places{"places", kLongest, kFeatures};
  Attention attention{Config(), kFeatures, "attention"};

  Params init(Rng& rng) const override {
    Params params;
    tokens.init(params, rng);
    places.init(params, rng);
    attention.init(params, rng);
    return params;
  }

  // (B,T,tokens): each place asks for its own token among the places that are not padding.
  Var logits(const Params& params, const Sequences& s, Context& context) const {
    Indices place;
    Mask mask;
    mask.empty = false;
    mask.allowed = Array::zeros({kBatch, kLongest, kLongest});
    Real* allowed = mask.allowed.mutable_data();
    for (std::size_t b = 0; b < kBatch; ++b)
      for (std::size_t t = 0; t < kLongest; ++t) {
        place.push_back(static_cast<std::uint32_t>(t));
        for (std::size_t k = 0; k < s.lengths[b]; ++k)
          allowed[(b * kLongest + t) * kLongest + k] = 1;
      }
    const Shape shape{kBatch, kLongest, kFeatures};
    const Var p = reshape(gather(params["places.weight"], place), shape);
    const Var v = reshape(gather(params["tokens.weight"], s.tokens), shape);
    const Var read = attention(params, p, p, v, mask, context);
    return matmul(reshape(read, {kBatch * kLongest, kFeatures}), params["tokens.weight"], false,
                  true);
  }

  Var loss(const Params& params, const Sequences& s, Context& context) const {
    Indices real, labels;
    for (std::size_t i = 0; i < s.tokens.size(); ++i)
      if (i % kLongest < s.lengths[i / kLongest]) {
        real.push_back(static_cast<std::uint32_t>(i));
        labels.push_back(s.tokens[i]);
      }
    return cross_entropy(gather(logits(params, s, context), real), labels);
  }

  Step gradients(const Params& params, std::span<const std::uint64_t> episodes,
                 Context& context) override {
    Var total = constant(Real(0));
    for (std::uint64_t e : episodes) total = total + loss(params, draw(e), context);
    Step step;
    step.loss = double(total.value().item());
    for (const Var& g : grad(total, params.weights())) step.gradients.push_back(g.value());
    return step;
  }

  struct Copied : Evaluator {
    const Copier& copier;
    Params params;
    Copied(const Copier& c, const Params& p) : copier(c), params(p) {}
    std::vector<Scores> operator()(std::span<const std::uint64_t> episodes) override {
      std::vector<Scores> scores;
      for (std::uint64_t e : episodes) {
        const Sequences s = draw(1'000'000 + e);
        Context context;
        const Indices said = kernel::argmax_last(copier.logits(params, s, context).value());
        double right = 0, all = 0;
        for (std::size_t i = 0; i < said.size(); ++i)
          if (i % kLongest < s.lengths[i / kLongest]) {
            right += said[i] == s.tokens[i];
            ++all;
          }
        scores.push_back({{"accuracy", right / all}});
      }
      return scores;
    }
  };
  std::unique_ptr<Evaluator> evaluator(const Params& params) const override {
    return std::make_unique<Copied>(*this, params);
  }
};

}  // namespace

TEST_CASE("a masked sequence copier learns to copy, and resumes to the same bits") {
  Copier copier;
  const TrainOutcome outcome = check_resume(
      R"({"steps": 300, "batch": 2, "learning_rate": 0.02, "average": 0.9, "validate_every": 60,
          "log_every": 20, "clip": 5})",
      copier, 8, {37, 60, 61, 250});
  CHECK(outcome.best_score > 0.99);
}

TEST_CASE("padding changes nothing") {
  const Copier copier;
  Rng rng(1, "init");
  const Params params = copier.init(rng);
  Sequences s = draw(3);
  Context context;
  const Array before = copier.logits(params, s, context).value();
  for (std::size_t i = 0; i < s.tokens.size(); ++i)
    if (i % kLongest >= s.lengths[i / kLongest]) s.tokens[i] = 4;
  const Array after = copier.logits(params, s, context).value();
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(before.data()[i] == after.data()[i]);
}
