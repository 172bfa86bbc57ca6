#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace attune {

// Examples as tokens of one list of words: tokens [begin[i], begin[i+1]) are those of example i.
struct TokenLists {
  std::span<const std::string> word;
  std::span<const std::uint32_t> begin, token;
};

// The words that a model knows: those of the examples it is trained on. It belongs to the model;
// the words of any pool are found in it as strings.
class Vocabulary {
 public:
  Vocabulary() = default;
  // All equally long; words unique. Error when not, or a count is above its total.
  Vocabulary(std::vector<std::string> words, std::vector<std::uint32_t> examples,
             std::vector<std::uint32_t> occurrences, std::uint64_t total_examples,
             std::uint64_t total_tokens);
  // Of the examples `rows`, each row once: words in at least `least` of them, the most frequent
  // first, those in equally many by their bytes.
  static Vocabulary of(const TokenLists& lists, std::span<const std::uint32_t> rows,
                       std::uint32_t least = 1);
  // Also these words, seen in no example; those that are known already are passed over.
  void add(std::span<const std::string> words);

  std::size_t size() const { return words_.size(); }
  const std::vector<std::string>& words() const { return words_; }
  const std::vector<std::uint32_t>& examples() const { return examples_; }        // that hold it
  const std::vector<std::uint32_t>& occurrences() const { return occurrences_; }  // in all
  std::uint64_t total_examples() const { return total_examples_; }
  std::uint64_t total_tokens() const { return total_tokens_; }
  std::optional<std::uint32_t> find(const std::string& word) const;
  // log((1 + examples)/(1 + those with the word)) + 1; of an unknown word the largest there is.
  double inverse_document_frequency(std::optional<std::uint32_t> word) const;
  // Its share of all tokens; 0 of an unknown word.
  double probability(std::optional<std::uint32_t> word) const;

 private:
  std::vector<std::string> words_;
  std::vector<std::uint32_t> examples_, occurrences_;
  std::uint64_t total_examples_ = 0, total_tokens_ = 0;
  std::unordered_map<std::string, std::uint32_t> place_;
};

}  // namespace attune
