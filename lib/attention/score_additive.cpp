#include "attention/attention.hpp"
#include "nn/initialise.hpp"

namespace attune {
namespace {

// scores = vᵀ tanh(W_q q + W_k k), hidden size A.
class Additive : public Score {
 public:
  Additive(const Config& config, std::size_t features, const std::string& prefix)
      : features_(features),
        hidden_(static_cast<std::size_t>(
            config.integer("hidden", 64, {1, 65536}, "size of the hidden layer"))),
        prefix_(prefix) {}
  void init(Params& params, Rng& rng) const override {
    params.add(prefix_ + ".query", glorot_uniform({features_, hidden_}, features_, hidden_, rng));
    params.add(prefix_ + ".key", glorot_uniform({features_, hidden_}, features_, hidden_, rng));
    params.add(prefix_ + ".value", glorot_uniform({hidden_, 1}, hidden_, 1, rng));
  }
  Var operator()(const Params& params, const Var& q, const Var& k, Context&) const override {
    const Var left = matmul(q, params[prefix_ + ".query"]);
    const Var right = matmul(k, params[prefix_ + ".key"]);
    const Var hidden = tanh(by_query(left) + by_key(right));
    Shape scores;  // (…,Q,S): hidden without its last axis
    for (std::size_t i = 0; i + 1 < hidden.shape().rank(); ++i) scores.push_back(hidden.shape()[i]);
    return reshape(matmul(hidden, params[prefix_ + ".value"]), scores);
  }

 private:
  std::size_t features_, hidden_;
  std::string prefix_;
};

const Register<Score, std::size_t, const std::string&> part{
    "additive", "vᵀtanh(W_q q + W_k k) (Bahdanau et al. 2015, appendix A.1.2)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<Additive>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
