#pragma once
#include <memory>

#include "learner/classification.hpp"

namespace attune {

// What a classification is evaluated on.
struct ClassificationTest {
  std::shared_ptr<const Learner> learner;
  std::shared_ptr<const Pool> pool;
  EpisodeSource episodes;
  std::size_t ways = 0;
  Mode mode = Mode::evaluate;
};

// (Q): the most probable class of each row of logits (Q,N), the first of equals. Error when a logit
// is NaN: weights that a training broke, or examples that no model was made for.
Indices answers_of(const Array& logits);

// Scores: "accuracy" (fraction of queries), "loss" (mean cross-entropy, nats). Counts calibration.
// Mode::evaluate, inductive: every pool example is encoded once, by itself, and a query is answered
// with the same bits in whatever company (RowsAlone), if the learner is inductive.
// Mode::transductive: batch statistics of all examples of an episode together, support and queries,
// so that each episode is encoded by itself; what peers do that leave batch-norm in training mode.
std::unique_ptr<Evaluator> classification_evaluator(const ClassificationTest& test,
                                                    const Params& params);

}  // namespace attune
