#include "text/vocabulary.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace attune {

Vocabulary::Vocabulary(std::vector<std::string> words, std::vector<std::uint32_t> examples,
                       std::vector<std::uint32_t> occurrences, std::uint64_t total_examples,
                       std::uint64_t total_tokens)
    : words_(std::move(words)),
      examples_(std::move(examples)),
      occurrences_(std::move(occurrences)),
      total_examples_(total_examples),
      total_tokens_(total_tokens) {
  if (examples_.size() != words_.size() || occurrences_.size() != words_.size())
    throw Error("vocabulary: want counts of " + std::to_string(words_.size()) + " words, have " +
                std::to_string(examples_.size()) + " and " + std::to_string(occurrences_.size()));
  for (std::uint32_t i = 0; i < words_.size(); ++i) {
    if (!place_.emplace(words_[i], i).second)
      throw Error("vocabulary: want each word once, have again " + words_[i]);
    if (examples_[i] > total_examples_ || occurrences_[i] > total_tokens_)
      throw Error("vocabulary: " + words_[i] + ": want counts up to the totals, have more");
  }
}

Vocabulary Vocabulary::of(const TokenLists& lists, std::span<const std::uint32_t> rows,
                          std::uint32_t least) {
  std::vector<std::uint32_t> examples(lists.word.size()), occurrences(lists.word.size());
  std::vector<std::uint32_t> last(lists.word.size(), UINT32_MAX);  // row that held it last
  std::uint64_t tokens = 0;
  for (const std::uint32_t row : rows) {
    for (std::uint32_t t = lists.begin[row]; t < lists.begin[row + 1]; ++t) {
      const std::uint32_t word = lists.token[t];
      ++occurrences[word];
      ++tokens;
      if (last[word] != row) ++examples[word];
      last[word] = row;
    }
  }
  std::vector<std::uint32_t> order;
  for (std::uint32_t w = 0; w < lists.word.size(); ++w)
    if (examples[w] >= std::max<std::uint32_t>(1, least)) order.push_back(w);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return examples[a] != examples[b] ? examples[a] > examples[b] : lists.word[a] < lists.word[b];
  });
  std::vector<std::string> words;
  std::vector<std::uint32_t> in_examples, in_all;
  for (const std::uint32_t w : order) {
    words.push_back(lists.word[w]);
    in_examples.push_back(examples[w]);
    in_all.push_back(occurrences[w]);
  }
  return {std::move(words), std::move(in_examples), std::move(in_all), rows.size(), tokens};
}

void Vocabulary::add(std::span<const std::string> words) {
  for (const std::string& word : words) {
    if (!place_.emplace(word, static_cast<std::uint32_t>(words_.size())).second) continue;
    words_.push_back(word);
    examples_.push_back(0);
    occurrences_.push_back(0);
  }
}

std::optional<std::uint32_t> Vocabulary::find(const std::string& word) const {
  const auto found = place_.find(word);
  if (found == place_.end()) return std::nullopt;
  return found->second;
}

double Vocabulary::inverse_document_frequency(std::optional<std::uint32_t> word) const {
  const double seen = word ? examples_[*word] : 0;
  return std::log((1 + static_cast<double>(total_examples_)) / (1 + seen)) + 1;
}

double Vocabulary::probability(std::optional<std::uint32_t> word) const {
  if (!word || total_tokens_ == 0) return 0;
  return static_cast<double>(occurrences_[*word]) / static_cast<double>(total_tokens_);
}

}  // namespace attune
