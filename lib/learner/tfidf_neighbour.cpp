#include <algorithm>

#include "learner/floor.hpp"
#include "learner/tfidf.hpp"

namespace attune {
namespace {

// A floor of texts: the label of the support example whose bag of words is the most alike.
// logits[q,n] = "scale" · the largest cosine to an example of class n.
class TfIdfNeighbour : public Floor {
 public:
  TfIdfNeighbour(const Config& config, const InputShape& input)
      : Floor(input, false),
        scale_(static_cast<Real>(
            config.real("scale", 10, {1e-3, 1e4}, "factor of the cosines; moves no answer"))),
        bags_(config, input) {}
  Var logits(const Params&, const Support& support, const Query& query, Context&,
             Trace*) const override {
    const auto [s, q] = bags_(support.x.value(), query.x.value());
    const Array cosines = kernel::matmul(q, s, false, true);
    const std::size_t items = s.dim(0);
    Array best = Array::full({q.dim(0), support.ways}, Real(-1));
    Real* out = best.mutable_data();
    for (std::size_t r = 0; r < q.dim(0); ++r)
      for (std::size_t i = 0; i < items; ++i) {
        Real& cell = out[r * support.ways + support.labels[i]];
        cell = std::max(cell, cosines.data()[r * items + i]);
      }
    return constant(kernel::scale(best, scale_));
  }

 private:
  Real scale_;
  TfIdf bags_;
};

const Register<Learner, const InputShape&> part{
    "tfidf_neighbour", "of texts: label of the nearest TF-IDF vector: a floor",
    [](const Config& config, const InputShape& input) {
      return std::make_unique<TfIdfNeighbour>(config, input);
    }};

}  // namespace
}  // namespace attune
