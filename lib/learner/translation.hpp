#pragma once
#include <memory>

#include "learner/problem.hpp"
#include "translation/pair_episodes.hpp"
#include "translation/translator.hpp"

namespace attune {

// Frozen translation episodes with a floor bound to them. Its scores of an episode: "exact_match"
// (fraction of its queries), "chrf" (0 to 100, summed over its queries), "cer" (character error
// rate), "language" and "group" (numbers of the pool, for macro averages). Not to be trained.
std::unique_ptr<Problem> translation_floor(std::shared_ptr<const Translator> translator,
                                           std::shared_ptr<const PairPool> pool,
                                           std::shared_ptr<const PairEpisodeFile> file);

// The scores of one episode's answers, as above.
Scores translation_scores(const PairPool& pool, const PairEpisode& episode,
                          const std::vector<std::string>& answers);

}  // namespace attune
