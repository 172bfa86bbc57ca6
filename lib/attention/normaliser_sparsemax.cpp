#include "attention/normaliser_parts.hpp"

namespace attune {
namespace {

// weights = the probability vector nearest to the scores.
class Sparsemax : public Normaliser {
 public:
  Var operator()(const Var& scores, const Mask& mask, Context&) const override {
    return sparsemax(masked(scores, mask));
  }
};

const Register<Normaliser> part{"sparsemax",
                                "(s−τ)₊: sparse attention (Martins & Astudillo 2016, §2.1)",
                                [](const Config&) { return std::make_unique<Sparsemax>(); }};

}  // namespace
}  // namespace attune
