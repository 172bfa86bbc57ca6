#include "attention/normaliser_parts.hpp"

namespace attune {
namespace {

// weights = (s/2 − τ)₊²: between softmax and sparsemax.
class Entmax15 : public Normaliser {
 public:
  Var operator()(const Var& scores, const Mask& mask, Context&) const override {
    return entmax15(masked(scores, mask));
  }
};

const Register<Normaliser> part{
    "entmax15", "(s/2−τ)₊²: sparse and smooth attention (Peters et al. 2019, α = 1.5)",
    [](const Config&) { return std::make_unique<Entmax15>(); }};

}  // namespace
}  // namespace attune
