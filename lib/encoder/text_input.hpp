#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "array/array.hpp"
#include "text/vocabulary.hpp"
#include "text/word_vectors.hpp"

namespace attune {

// What the numbers of a text pool's examples mean to a model. An example is (C,T): tokens as rows
// of `word`, filled up with −1; where texts have marked parts, C is 2 and the second row holds the
// mark of each token (0, 1 or 2).
struct TextInput {
  std::vector<std::string> word;               // of the pool that the examples come from
  Vocabulary vocabulary;                       // of the model
  std::vector<std::int64_t> known;             // of each word: its place in the vocabulary, or −1
  std::shared_ptr<const WordVectors> vectors;  // that known words start from; only in training
  std::optional<std::uint32_t> place(std::uint32_t word_id) const {
    return known[word_id] < 0 ? std::nullopt
                              : std::optional(static_cast<std::uint32_t>(known[word_id]));
  }
};
std::shared_ptr<TextInput> make_text_input(std::vector<std::string> word, Vocabulary vocabulary);

// Some examples of a batch, those of like length, padded to the longest of them.
struct TokenBucket {
  Indices rows;            // of the batch
  std::size_t length = 0;  // T
  Indices word;            // (B·T); of padding 0
  Array present;           // (B,T): 1 where there is a token
  std::vector<int> mark;   // (B·T), empty without marks
  std::size_t size() const { return rows.size(); }
};

// The tokens of x (S,C,T) in at most `most` buckets, cut so that padding together with a fixed cost
// for each bucket is least. A function of the lengths alone.
std::vector<TokenBucket> token_buckets(const Array& x, std::size_t most = 4);

// Where each of `rows` of all buckets, one bucket after the other, lies: undoes the bucketing.
Indices places_of(const std::vector<TokenBucket>& buckets);

// The words that occur, each once, ascending.
Indices distinct_words(const std::vector<TokenBucket>& buckets);

}  // namespace attune
