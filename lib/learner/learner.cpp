#include "learner/learner.hpp"

#include <cmath>
#include <utility>

namespace attune {
namespace {

// Choices go to `sampled` as long as this lives.
class SampledScope {
 public:
  SampledScope(Context& context, std::vector<Sampled>* sampled)
      : context_(context), before_(std::exchange(context.sampled, sampled)) {}
  ~SampledScope() { context_.sampled = before_; }
  SampledScope(const SampledScope&) = delete;
  SampledScope& operator=(const SampledScope&) = delete;

 private:
  Context& context_;
  std::vector<Sampled>* before_;
};

// −log softmax(logits)[label] of each query, nats.
std::vector<double> query_losses(const Array& logits, const Indices& labels) {
  const Array of_labels = kernel::take_last(kernel::log_softmax(logits), labels);
  std::vector<double> losses;
  for (const Real log_p : of_labels.values()) losses.push_back(-double(log_p));
  return losses;
}

// (Q): each loss less the mean of the others, over Q; a lone query's less `guess`.
Array advantage(const std::vector<double>& losses, double guess) {
  const double count = static_cast<double>(losses.size());
  double total = 0;
  for (const double loss : losses) total += loss;
  Array result(Shape{losses.size()});
  for (std::size_t q = 0; q < losses.size(); ++q) {
    const double baseline = losses.size() > 1 ? (total - losses[q]) / (count - 1) : guess;
    result.mutable_data()[q] = static_cast<Real>((losses[q] - baseline) / count);
  }
  return result;
}

// Σ of the choices' log-probabilities, each times what its query, or all of them, lost by it.
Var score_function(const std::vector<Sampled>& sampled, const std::vector<double>& losses,
                   std::size_t ways) {
  const double guess = std::log(static_cast<double>(ways));
  const Var by_query = constant(advantage(losses, guess));
  double shared = -guess;
  for (const double loss : losses) shared += loss / static_cast<double>(losses.size());
  Var total = constant(Real(0));
  for (const Sampled& one : sampled)
    total = total + (one.by_query ? sum(one.log_probability * by_query)
                                  : sum(one.log_probability) * static_cast<Real>(shared));
  return total;
}

}  // namespace

Var Learner::loss(const Params& params, const Support& support, const Query& query,
                  const Indices& query_labels, Context& context) const {
  std::vector<Sampled> sampled;
  const SampledScope scope(context, context.mode == Mode::train ? &sampled : nullptr);
  const Var found = logits(params, support, query, context);
  const Var loss = cross_entropy(found, query_labels);
  if (sampled.empty()) return loss;
  const Var surrogate =
      score_function(sampled, query_losses(found.value(), query_labels), support.ways);
  return loss + (surrogate - surrogate.detach());
}

}  // namespace attune
