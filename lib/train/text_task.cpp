#include "train/text_task.hpp"

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

KnownWords known_words(const Pool& pool, const TextInput& text, const std::string& split) {
  KnownWords count;
  std::vector<bool> seen(pool.tokens.word.size());
  const std::vector<std::uint32_t> begin = pool.class_begin();
  for (const std::uint32_t c : classes_of_split(pool, split))
    for (std::uint32_t row = begin[c]; row < begin[c + 1]; ++row) {
      const std::uint64_t before = count.known_tokens;
      for (std::uint32_t t = pool.tokens.begin[row]; t < pool.tokens.begin[row + 1]; ++t) {
        const std::uint32_t word = pool.tokens.token[t];
        const bool known = text.known[word] >= 0;
        ++count.tokens;
        count.known_tokens += known;
        if (seen[word]) continue;
        seen[word] = true;
        ++count.words;
        count.known_words += known;
      }
      ++count.texts;
      count.unknown_texts += count.known_tokens == before;
    }
  return count;
}

}  // namespace attune
