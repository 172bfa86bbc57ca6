#pragma once
#include <functional>
#include <memory>
#include <string>

#include "encoder/text_input.hpp"
#include "episode/episodes.hpp"
#include "learner/augment.hpp"
#include "learner/learner.hpp"
#include "learner/problem.hpp"

namespace attune {

// Rows of a pool as network input: images to [0,1], (R,C,Y,X); feature vectors as they are, (R,D);
// texts as TextInput says, (R,C,T), T the longest of the pool, so that all rows are of one shape.
Array pool_rows(const Pool& pool, std::span<const std::uint32_t> rows);
// text: what a model knows of the words of a pool of texts; null: it knows none.
InputShape input_shape(const Pool& pool, std::shared_ptr<const TextInput> text = nullptr);
// The words of a pool's examples of some classes ("train", "train+val").
Vocabulary vocabulary_of(const Pool& pool, const std::string& split);

// Where a Classification takes the episode of a number from: a sampler (training) or a file.
using EpisodeSource = std::function<Episode(std::uint64_t number)>;

// A learner bound to a pool and a stream of episodes. All episodes of a meta-batch pass the encoder
// together, so batch statistics in training are those of the whole meta-batch. With `partitions`
// above 1 the examples of a training episode, encoded once, are divided that many times, so that
// other examples of each class serve as its support (in turn, K at a time), and the losses are
// averaged: what a batch can teach is used up, as Laenen & Bertinetto 2021 ask (§3).
class Classification : public Problem {
 public:
  Classification(std::shared_ptr<const Learner> learner, std::shared_ptr<const Pool> pool,
                 EpisodeSource episodes, std::size_t ways, std::shared_ptr<const Augment> augment,
                 std::uint64_t seed, std::size_t partitions = 1, Mode answers = Mode::evaluate);
  Params init(Rng& rng) const override;
  Step gradients(const Params& params, std::span<const std::uint64_t> episodes,
                 Context& context) override;
  // See classification_evaluator; `answers` says in which mode.
  std::unique_ptr<Evaluator> evaluator(const Params& params) const override;

 private:
  Var loss(const Params& params, std::span<const std::uint64_t> numbers, Context& context) const;
  Var episode_loss(const Params& params, const Var& features, const Episode& episode,
                   Context& context) const;
  Array batch(std::span<const Episode> episodes, std::span<const std::uint64_t> numbers) const;
  std::shared_ptr<const Learner> learner_;
  std::shared_ptr<const Pool> pool_;
  EpisodeSource episodes_;
  std::size_t ways_, partitions_;
  Mode answers_;
  std::shared_ptr<const Augment> augment_;
  Rng augment_rng_;
};

}  // namespace attune
