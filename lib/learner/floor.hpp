#pragma once
#include "learner/learner.hpp"

namespace attune {

// A learner without weights, which sees the examples as they are: the floor of every table.
class Floor : public Learner {
 public:
  // UsageError when the floor compares numbers (`raw`) and the examples are texts, whose numbers
  // are names of words.
  explicit Floor(const InputShape& input, bool raw = true) : size_(input.example.size()) {
    if (raw && input.text)
      throw UsageError(
          "learner.kind: this floor wants images or feature vectors, have texts; for them there "
          "are "
          "tfidf_neighbour and tfidf_logistic");
  }
  Claims claims() const override {
    Claims claims;
    claims.trained = false;
    return claims;
  }
  void init(Params&, Rng&) const override {}
  Var encode(const Params&, const Var& x, Context&) const override {
    return reshape(x, {x.shape()[0], size_});
  }

 private:
  std::size_t size_;
};

}  // namespace attune
