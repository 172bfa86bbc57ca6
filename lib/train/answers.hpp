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
  Trace trace;
  std::size_t right() const;
  double probability(std::size_t query) const;             // of the class it is called
  std::span<const Real> weights(std::size_t query) const;  // over the support
};
// Error when the model has no attention over the support.
Answers answer_episode(const OpenModel& model, EncodedPool& pool, std::uint64_t number);

// A line for each query and support item: episode, query, query_row, is, called, support,
// support_row, label, weight. Rows are the pool's, is, called and label 0…N−1.
Rows weight_rows(const Answers& answers);

}  // namespace attune
