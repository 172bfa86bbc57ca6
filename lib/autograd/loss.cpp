#include "autograd/ops.hpp"

namespace attune {

namespace {

// The entry of each row's label, (R,1).
Var at_labels(const Var& x, const Indices& labels, const std::string& op) {
  if (x.shape().rank() != 2 || x.shape()[0] != labels.size()) {
    throw Error(op + ": want one label for each row of (R,n), have shape " + x.shape().text() +
                " and " + std::to_string(labels.size()) + " labels");
  }
  return take_last(x, labels);
}

}  // namespace

Var cross_entropy(const Var& logits, const Indices& labels) {
  return -mean(at_labels(log_softmax(logits), labels, "cross_entropy"));
}

Var nll(const Var& probabilities, const Indices& labels, Real floor) {
  const Real least = floor / static_cast<Real>(probabilities.shape().back());
  return -mean(log(at_labels(probabilities, labels, "nll") * (1 - floor) + least));
}

}  // namespace attune
