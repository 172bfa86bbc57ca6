#include "attention/normaliser_parts.hpp"

namespace attune {
namespace {

// An item of the row with these probabilities; `length` when all are 0.
std::size_t draw(const Real* probability, std::size_t length, Rng& rng) {
  const double mark = rng.uniform();
  double total = 0;
  std::size_t last = length;
  for (std::size_t i = 0; i < length; ++i) {
    if (probability[i] > 0) last = i;
    total += double(probability[i]);
    if (mark < total) break;
  }
  return last;
}

// weights = 1 at one item, drawn with the probabilities softmax(scores) in training and the most
// probable one otherwise. No gradient passes the choice: its log-probability goes to
// Context::sampled, and the loss makes the score-function gradient of it.
class Reinforce : public Normaliser {
 public:
  Var operator()(const Var& scores, const Mask& mask, Context& context) const override {
    const Var allowed = masked(scores, mask);
    if (context.mode != Mode::train) return constant(at_first_maximum(allowed.value()));
    const Array probability = kernel::softmax(allowed.value());
    const std::size_t length = scores.shape().back(), rows = probability.size() / length;
    Array weights = Array::zeros(scores.shape());
    Array any = Array::zeros({rows, 1});  // 0 where a row allows nothing: nothing is drawn
    Indices drawn(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t item = draw(probability.data() + row * length, length, context.rng);
      if (item == length) continue;
      drawn[row] = static_cast<std::uint32_t>(item);
      weights.mutable_data()[row * length + item] = 1;
      any.mutable_data()[row] = 1;
    }
    if (context.sampled)
      context.sampled->push_back({log_probability(log_softmax(allowed), drawn, any)});
    return constant(weights);
  }

 private:
  // Of the items drawn, (…,R) for logs (…,R,S); 0 where nothing was.
  static Var log_probability(const Var& logs, const Indices& drawn, const Array& any) {
    Shape rows;
    for (std::size_t i = 0; i + 1 < logs.shape().rank(); ++i) rows.push_back(logs.shape()[i]);
    const Var flat = reshape(logs, {drawn.size(), logs.shape().back()});
    return reshape(where(any, take_last(flat, drawn), constant(Real(0))), rows);
  }
};

const Register<Normaliser> part{
    "reinforce", "one item drawn from softmax(s), score-function gradient (Williams 1992)",
    [](const Config&) { return std::make_unique<Reinforce>(); }};

}  // namespace
}  // namespace attune
