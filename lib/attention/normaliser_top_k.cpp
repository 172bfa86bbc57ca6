#include "array/sparse.hpp"
#include "attention/normaliser_parts.hpp"

namespace attune {
namespace {

// weights = softmax of the k largest scores, 0 elsewhere; of equal scores the first are taken.
class TopK : public Normaliser {
 public:
  explicit TopK(const Config& config)
      : k_(static_cast<std::size_t>(
            config.integer("k", 3, {1, 1 << 20}, "items that may be attended to"))) {}
  Var operator()(const Var& scores, const Mask& mask, Context&) const override {
    const Var allowed = masked(scores, mask);
    return softmax(masked(allowed, {kernel::largest_last(allowed.value(), k_), false}));
  }

 private:
  std::size_t k_;
};

const Register<Normaliser> part{
    "top_k", "softmax over the k largest scores (Shazeer et al. 2017, eq. 3 and 5, without noise)",
    [](const Config& config) { return std::make_unique<TopK>(config); }};

}  // namespace
}  // namespace attune
