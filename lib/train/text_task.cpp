#include "train/text_task.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/error.hpp"
#include "learner/classification.hpp"

namespace attune {

std::shared_ptr<const TextInput> training_text(const Pool& pool, const std::string& split,
                                               const std::string& vectors) {
  if (!pool.is_text()) return nullptr;
  Vocabulary vocabulary = vocabulary_of(pool, split);
  if (vectors.empty()) return make_text_input(pool.tokens.word, std::move(vocabulary));
  const std::unordered_set<std::string> wanted(pool.tokens.word.begin(), pool.tokens.word.end());
  auto found = std::make_shared<WordVectors>(
      read_word_vectors(vectors, [&](const std::string& word) { return wanted.contains(word); }));
  if (found->of.empty())
    throw Error(vectors + ": want vectors of some words of " + pool.origin + ", have none");
  std::vector<std::string> words;  // in the order of the pool
  for (const std::string& word : pool.tokens.word)
    if (found->of.contains(word)) words.push_back(word);
  vocabulary.add(words);
  auto text = make_text_input(pool.tokens.word, std::move(vocabulary));
  text->vectors = std::move(found);
  return text;
}

KnownWords known_words(const Pool& pool, const TextInput& text) {
  KnownWords count;
  count.words = text.word.size();
  count.known_words = static_cast<std::size_t>(std::count_if(
      text.known.begin(), text.known.end(), [](std::int64_t place) { return place >= 0; }));
  count.tokens = pool.tokens.token.size();
  for (const std::uint32_t word : pool.tokens.token) count.known_tokens += text.known[word] >= 0;
  return count;
}

}  // namespace attune
