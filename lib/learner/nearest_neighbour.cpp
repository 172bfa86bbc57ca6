#include <algorithm>

#include "learner/floor.hpp"

namespace attune {
namespace {

// The floor of every table: the label of the nearest support example, examples compared as they
// are.
class NearestNeighbour : public Floor {
 public:
  explicit NearestNeighbour(const InputShape& input) : Floor(input) {}
  // logits[q,n] = −min over class n of |q − k|².
  Var logits(const Params&, const Support& support, const Query& query, Context&,
             Trace*) const override {
    const Var lengths =
        sum(square(query.x), {1}, true) + transpose(sum(square(support.x), {1}, true));
    const Array similarity = (matmul(query.x, support.x, false, true) * Real(2) - lengths).value();
    const std::size_t rows = similarity.dim(0), items = similarity.dim(1);
    Array best = Array::full({rows, support.ways}, Real(-1e30));
    Real* out = best.mutable_data();
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t i = 0; i < items; ++i) {
        Real& cell = out[r * support.ways + support.labels[i]];
        cell = std::max(cell, similarity.data()[r * items + i]);
      }
    return constant(best);
  }
};

const Register<Learner, const InputShape&> part{
    "nearest_neighbour", "label of the nearest support example on raw inputs: the floor",
    [](const Config&, const InputShape& input) {
      return std::make_unique<NearestNeighbour>(input);
    }};

}  // namespace
}  // namespace attune
