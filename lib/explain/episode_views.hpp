#pragma once
#include "report/episode_picture.hpp"
#include "report/episode_text.hpp"
#include "train/answers.hpp"

namespace attune {

// What is drawn of a model's answers in one episode; of each class the first `shown` queries with
// their weights, 0 = all.
EpisodeView view_of(const OpenModel& model, const Answers& answers, std::size_t shown);
// The same of texts, with the weight of each token where the model tells it.
EpisodeText text_view_of(const OpenModel& model, const Answers& answers, std::size_t shown);

// A graph of each map and head of the model's inner attention, with what its file is called:
// "layer1.head2".
std::vector<std::pair<std::string, AttentionGraph>> graphs_of(const Answers& answers);

}  // namespace attune
