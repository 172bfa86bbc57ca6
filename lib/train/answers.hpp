#pragma once
#include "base/rows.hpp"
#include "learner/encoded_pool.hpp"
#include "train/open_model.hpp"

namespace attune {

// A model's answers in one episode, and what it attended to.
struct Answers {
  std::uint64_t number;
  Episode episode;
  Array log_p;     // (Q,N)
  Indices called;  // (Q): the most probable class
  // weights has rank 2 if the learner attends to the support; of texts, support_tokens and
  // query_tokens have rank 2 if it or its encoder tells the share of each token.
  Trace trace;
  std::size_t right() const;
  double probability(std::size_t query) const;             // of the class it is called
  std::span<const Real> weights(std::size_t query) const;  // over the support
};
// Error when the model attends neither to the support nor to tokens.
Answers answer_episode(const OpenModel& model, EncodedPool& pool, std::uint64_t number);

// A line for each query and support item: episode, query, query_row, is, called, support,
// support_row, label, weight. Rows are the pool's, is, called and label 0…N−1.
Rows weight_rows(const Answers& answers);
// Of texts, a line for each token: episode, side (support or query), item, row, token (its place),
// word, known (1 or 0), weight. Error when nothing tells the weights of tokens.
Rows token_rows(const OpenModel& model, const Answers& answers);

}  // namespace attune
