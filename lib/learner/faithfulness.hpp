#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "learner/classification.hpp"
#include "learner/encoded_pool.hpp"

namespace attune {

// Whether a model's attention says what its answers depend on. Each measure compares what the
// attention names with what happens when the support is changed, in the model as it is, without
// training it again. Per episode, a mean over its measured queries (the first few of each class);
// all of an episode's orders are drawn from (seed, episode).
//
//   accuracy, loss    of the measured queries, whole support
//   effective         number of support items attended to: exp of the weights' entropy, 1…S
//
// Deletion (Samek et al. 2017, "region perturbation", and the deletion curve of Petsiuk et al.
// 2018, RISE, with support items for pixels). Items are taken away one after the other in an order
// of each query; the last item of a class is never taken (a class without support could not be
// predicted, so the curve would say which classes are left, not which items count): S−N items can
// go. The area under the curve of accuracy over the part of them that is gone, 0…1, by trapezoids
// at 1 item and at four equal steps. Lower is more faithful. Orders:
//   auc_attention     most attended first; items of equal weight in random order
//   auc_random        random; also the order that uniform attention gives, all its items being
//   equal auc_class         uniform attention within the answer: items of the predicted class
//   first, in
//                     random order, then the others. What auc_attention is below this is said by
//                     the weights beyond the answer itself.
//   delete_top        accuracy without the most attended item
//   delete_any        accuracy without one item, mean over all S
//
// Label swap: an item is given the label of the next class (n+1 mod N).
//   swap_top          accuracy after the most attended item's label is swapped
//   swap_any          mean over all S items
//
// Rank agreement (Jain & Wallace 2019, §4.1): Kendall's τ-b, over the support, of the weights with
// how much one item counts: the total variation distance between the query's class probabilities
// before and after. Differences below 1e-6 are ties. 0 where either side ranks nothing.
//   tau_removal       of taking the item away (leave one out). Where the other weights grow in
//                     turn, an exact attention stays below 1: for weights w with labels as values
//                     the distance is w(1−p)/(1−w), p the probability of the item's class.
//   tau_swap          of swapping its label: w itself for such an attention, τ = 1
//
// Randomised model (Adebayo et al. 2018, §3): the same with weights drawn anew, encoder and all
// ("random_…"). Attention that explains as well untrained says nothing about what was learned.
//   tau_random        τ-b of the weights with those of the randomised model
struct FaithfulnessSettings {
  std::size_t queries = 1;  // measured per class; at most those that the episode has
  std::uint64_t seed = 0;   // of random orders and of the randomised model
};

// Names of the scores, in the order above.
std::vector<std::string> faithfulness_measures();

// The measures of one episode. x: features, as of Learner::encode. The learner must trace its
// weights, else Error; Error too when a class has only one support item.
struct MeasuredEpisode {
  Scores scores;                             // those above but random_… and tau_random
  std::vector<std::vector<double>> weights;  // of each query
};
MeasuredEpisode measure_faithfulness(const Learner& learner, const Params& params,
                                     const Support& support, const Query& query,
                                     const Indices& query_labels, Rng rng);

// Encodes each example once for either set of weights.
class FaithfulnessEvaluator : public Evaluator {
 public:
  FaithfulnessEvaluator(std::shared_ptr<const Learner> learner, std::shared_ptr<const Pool> pool,
                        EpisodeSource episodes, std::size_t ways, Params params,
                        FaithfulnessSettings settings);
  std::vector<Scores> operator()(std::span<const std::uint64_t> episodes) override;

 private:
  Scores measure(const Episode& episode, std::uint64_t number) const;
  std::shared_ptr<const Learner> learner_;
  EpisodeSource episodes_;
  std::size_t ways_;
  FaithfulnessSettings settings_;
  EncodedPool trained_, random_;
};

}  // namespace attune
