#include <cmath>

#include "attention/attention.hpp"
#include "learner/learner.hpp"
#include "learner/ridge_system.hpp"

namespace attune {
namespace {

// Ridge regression from the support's features X (S,D), each with a 1 appended, to its one-hot
// labels Y, solved in each episode and differentiated through: logits are α·Q·W with
//   W = (XᵀX + λI)⁻¹XᵀY = Xᵀ(XXᵀ + λI)⁻¹Y   (Bertinetto et al. 2019, eq. 4 and 6)
// in whichever form is the smaller system. λ and the scale α are learned as exp of a weight, so
// they stay positive; to λ comes 1e-5·ΣX², so that the system can be factorised in float whatever
// λ becomes. The paper's β, one number added to all logits, is left out: no softmax sees it. The
// appended 1 gives each class a bias of its own.
class Ridge : public Learner {
 public:
  Ridge(const Config& config, const InputShape& input)
      : encoder_(EncoderRegistry::make(config.child("encoder"), "conv4", input, "encoder")),
        lambda_(config.real("lambda", 1, {1e-6, 1e6},
                            "initial λ, the weight of |W|² against the squared errors")),
        scale_(config.real("scale", 10, {1e-3, 1e3},
                           "initial α, the factor from regressed labels to logits")) {}
  void init(Params& params, Rng& rng) const override {
    encoder_->init(params, rng);
    params.add("ridge.log_lambda", Array::full({1}, static_cast<Real>(std::log(lambda_))));
    params.add("ridge.log_scale", Array::full({1}, static_cast<Real>(std::log(scale_))));
  }
  Var encode(const Params& params, const Var& x, Context& context) const override {
    return encoder_->forward(params, x, context);
  }
  Array token_weights(const Params& params, const Var& x, Context& context) const override {
    return encoder_->token_weights(params, x, context);
  }
  Var logits(const Params& params, const Support& support, const Query& query, Context&,
             Trace*) const override {
    const Var x = with_one(support.x), q = with_one(query.x);
    const Var y = constant(one_hot(support.labels, support.ways));
    const bool by_items = x.shape()[0] < x.shape()[1];
    const Var system = ridge_system(x, params["ridge.log_lambda"], by_items);
    const Var regressed = by_items ? matmul(matmul(q, x, false, true), solve(system, y))
                                   : matmul(q, solve(system, matmul(x, y, true, false)));
    return regressed * exp(params["ridge.log_scale"]);
  }

 private:
  static Var with_one(const Var& x) {
    return concat({x, constant(Array::full({x.shape()[0], 1}, 1))}, 1);
  }
  std::unique_ptr<Encoder> encoder_;
  double lambda_, scale_;
};

const Register<Learner, const InputShape&> part{
    "ridge", "ridge regression to the labels, solved per episode (R2D2, Bertinetto et al. 2019)",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<Ridge>(config, input);
    }};

}  // namespace
}  // namespace attune
