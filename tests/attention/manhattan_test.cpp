#include "attention/attention.hpp"

namespace attune {
namespace {

// scores = −Σ|q − k|. q (…,Q,D), k (…,S,D) → (…,Q,S).
class Manhattan : public Score {
 public:
  void init(Params&, Rng&) const override {}
  Var operator()(const Params&, const Var& q, const Var& k, Context&) const override {
    const Var difference = by_query(q) - by_key(k);  // (…,Q,S,D)
    return -sum(abs(difference), {q.shape().rank()});
  }
};

const Register<Score, std::size_t, const std::string&> part{
    "manhattan", "−|q−k|₁",
    [](const Config&, std::size_t, const std::string&) { return std::make_unique<Manhattan>(); }};

}  // namespace
}  // namespace attune
