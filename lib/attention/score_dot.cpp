#include <cmath>

#include "attention/attention.hpp"

namespace attune {
namespace {

// scores = factor · q kᵀ, factor 1 or 1/√D.
class Dot : public Score {
 public:
  explicit Dot(Real factor) : factor_(factor) {}
  void init(Params&, Rng&) const override {}
  Var operator()(const Params&, const Var& q, const Var& k, Context&) const override {
    if (factor_ == Real(1)) return matmul(q, k, false, true);
    return queries_are_smaller(q, k.shape().back(1)) ? matmul(q * factor_, k, false, true)
                                                     : matmul(q, k, false, true) * factor_;
  }
  Var of_first(const Params&, const Var& q, const Var& k, std::size_t count,
               Context&) const override {
    const auto product = [&](const Array& queries) {
      return kernel::matmul_first(queries, k.value(), count, true);
    };
    if (factor_ == Real(1)) return constant(product(q.value()));
    return constant(queries_are_smaller(q, count) ? product(kernel::scale(q.value(), factor_))
                                                  : kernel::scale(product(q.value()), factor_));
  }
  bool has_dot_form() const override { return true; }
  DotForm dot_form(const Params&, const Var& q, const Var& k) const override {
    return {q, k, factor_};
  }

 private:
  // Than the scores: what is smaller is multiplied by the factor.
  static bool queries_are_smaller(const Var& q, std::size_t keys) {
    return q.shape().back() < keys;
  }
  Real factor_;
};

const Register<Score, std::size_t, const std::string&> dot{
    "dot", "q·k (Luong et al. 2015, eq. 8, dot)",
    [](const Config&, std::size_t, const std::string&) { return std::make_unique<Dot>(Real(1)); }};

const Register<Score, std::size_t, const std::string&> scaled{
    "scaled_dot", "q·k/√D (Vaswani et al. 2017, eq. 1)",
    [](const Config&, std::size_t features, const std::string&) {
      return std::make_unique<Dot>(Real(1) / std::sqrt(static_cast<Real>(features)));
    }};

}  // namespace
}  // namespace attune
