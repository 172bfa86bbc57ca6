#pragma once
#include "learner/learner.hpp"

namespace attune {

// A learner without weights, which sees the examples as they are: the floor of every table.
class Floor : public Learner {
 public:
  explicit Floor(const InputShape& input) : size_(input.example.size()) {}
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
