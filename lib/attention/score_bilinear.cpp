#include "attention/attention.hpp"
#include "nn/initialise.hpp"

namespace attune {
namespace {

// scores = q W kᵀ, W (D,D).
class Bilinear : public Score {
 public:
  Bilinear(std::size_t features, const std::string& prefix)
      : features_(features), name_(prefix + ".weight") {}
  void init(Params& params, Rng& rng) const override {
    params.add(name_, glorot_uniform({features_, features_}, features_, features_, rng));
  }
  Var operator()(const Params& params, const Var& q, const Var& k, Context&) const override {
    return matmul(matmul(q, params[name_]), k, false, true);
  }
  bool has_dot_form() const override { return true; }
  DotForm dot_form(const Params& params, const Var& q, const Var& k) const override {
    return {matmul(q, params[name_]), k};
  }

 private:
  std::size_t features_;
  std::string name_;
};

const Register<Score, std::size_t, const std::string&> part{
    "bilinear", "qᵀWk (Luong et al. 2015, eq. 8, general)",
    [](const Config&, std::size_t features, const std::string& prefix) {
      return std::make_unique<Bilinear>(features, prefix);
    }};

}  // namespace
}  // namespace attune
