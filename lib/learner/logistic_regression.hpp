#pragma once
#include "array/array.hpp"
#include "array/kernels.hpp"

namespace attune {

// Multinomial logistic regression fitted to one episode: W and b that make
//   mean over the support of −log softmax(Wx + b)[label] + l2/2 (|W|² + |b|²)
// smallest, all x divided by their lengths. Solved for the support's coefficients (the representer
// theorem) by Nesterov's accelerated descent with restarts, in double, until no coefficient's
// gradient exceeds 1e-5 or for 2,000 rounds. No gradient flows through it.
// support (S,D), labels 0…ways−1, query (Q,D) → logits (Q,ways). l2 > 0.
Array logistic_regression(const Array& support, const Indices& labels, std::size_t ways, double l2,
                          const Array& query);

}  // namespace attune
