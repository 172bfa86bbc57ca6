#include <cmath>

#include "attention/attention.hpp"

namespace attune {
namespace {

// scores = τ · q·k / |q||k|; τ is the inverse temperature, kept positive as exp(weight).
class Cosine : public Score {
 public:
  Cosine(const Config& config, const std::string& prefix)
      : start_(config.real("scale", 10, {1e-3, 1e4}, "factor of the cosine (inverse temperature)")),
        learned_(config.flag("learned", true, "train the factor with the other weights")),
        name_(prefix + ".log_scale") {}
  void init(Params& params, Rng&) const override {
    if (learned_) params.add(name_, Array::full({1}, static_cast<Real>(std::log(start_))));
  }
  Var operator()(const Params& params, const Var& q, const Var& k, Context&) const override {
    const Var cosine = matmul(unit_rows(q), unit_rows(k), false, true);
    return learned_ ? cosine * exp(params[name_]) : cosine * static_cast<Real>(start_);
  }
  bool has_dot_form() const override { return true; }
  DotForm dot_form(const Params& params, const Var& q, const Var& k) const override {
    if (!learned_) return {unit_rows(q), unit_rows(k), static_cast<Real>(start_)};
    return {unit_rows(q) * exp(params[name_]), unit_rows(k)};
  }

 private:
  double start_;
  bool learned_;
  std::string name_;
};

const Register<Score, std::size_t, const std::string&> part{
    "cosine", "τ·cos(q,k), τ learned or fixed (Vinyals et al. 2016, §2.1.1, has τ = 1)",
    [](const Config& config, std::size_t, const std::string& prefix) {
      return std::make_unique<Cosine>(config, prefix);
    }};

}  // namespace
}  // namespace attune
