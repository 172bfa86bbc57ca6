#include <cmath>

#include "attention/attention.hpp"

namespace attune {
namespace {

// scores = −factor · |q − k|², factor 1 or 1/√D.
class SquaredEuclidean : public Score {
 public:
  explicit SquaredEuclidean(Real factor) : factor_(factor) {}
  void init(Params&, Rng&) const override {}
  Var operator()(const Params&, const Var& q, const Var& k, Context&) const override {
    const std::size_t last = q.shape().rank() - 1;
    const Var lengths = sum(square(q), {last}, true) + transpose(sum(square(k), {last}, true));
    return (matmul(q, k, false, true) * Real(2) - lengths) * factor_;
  }
  bool has_dot_form() const override { return true; }
  // |q|² moves the whole row.
  DotForm dot_form(const Params&, const Var& q, const Var& k) const override {
    const std::size_t last = q.shape().rank() - 1;
    Shape one = q.shape();
    one[last] = 1;
    return {concat({q * Real(2), constant(Array::full(one, 1))}, last),
            concat({k, -sum(square(k), {last}, true)}, last), factor_};
  }

 private:
  Real factor_;
};

const Register<Score, std::size_t, const std::string&> part{
    "squared_euclidean", "−|q−k|², over √D by default (Snell et al. 2017, §2.4)",
    [](const Config& config, std::size_t features, const std::string&) {
      const bool scaled = config.flag("scaled", true, "divide by √D");
      return std::make_unique<SquaredEuclidean>(
          scaled ? Real(1) / std::sqrt(static_cast<Real>(features)) : Real(1));
    }};

}  // namespace
}  // namespace attune
