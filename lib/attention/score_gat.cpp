#include "attention/attention.hpp"
#include "nn/initialise.hpp"

namespace attune {
namespace {

// scores = LeakyReLU(aᵀ[q‖k]) = LeakyReLU(a_qᵀq + a_kᵀk).
class Gat : public Score {
 public:
  Gat(const Config& config, std::size_t features, const std::string& prefix)
      : features_(features),
        slope_(
            static_cast<Real>(config.real("slope", 0.2, {0, 1}, "slope of the LeakyReLU below 0"))),
        prefix_(prefix) {}
  void init(Params& params, Rng& rng) const override {
    params.add(prefix_ + ".query", glorot_uniform({features_, 1}, 2 * features_, 1, rng));
    params.add(prefix_ + ".key", glorot_uniform({features_, 1}, 2 * features_, 1, rng));
  }
  Var operator()(const Params& params, const Var& q, const Var& k, Context&) const override {
    const Var left = matmul(q, params[prefix_ + ".query"]);
    const Var right = matmul(k, params[prefix_ + ".key"]);
    return leaky_relu(left + transpose(right), slope_);
  }

 private:
  std::size_t features_;
  Real slope_;
  std::string prefix_;
};

const Register<Score, std::size_t, const std::string&> part{
    "gat", "LeakyReLU(aᵀ[q‖k]) (Veličković et al. 2018, eq. 1)",
    [](const Config& config, std::size_t features, const std::string& prefix) {
      return std::make_unique<Gat>(config, features, prefix);
    }};

}  // namespace
}  // namespace attune
