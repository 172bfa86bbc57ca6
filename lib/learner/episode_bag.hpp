#pragma once
#include "autograd/ops.hpp"
#include "encoder/text_input.hpp"

namespace attune {

// Texts of an episode as exact bags of words, in which also a word that no training text has is
// told from all others: (S+Q,V), V the distinct words of the S support texts, each text's weights
// divided by the root of the sum of their squares over all of its own words. A token weighs
// `weights` (B,T of each bucket, differentiable) times its word's inverse document frequency times
// (1 + ln n)/n where the word stands n times in the text. A row is a function of its text and of
// the support alone. `places` as places_of gives them, support first.
Var episode_bags(const std::vector<TokenBucket>& buckets, const Vars& weights,
                 const Indices& places, std::size_t support, const TextInput& text);

}  // namespace attune
