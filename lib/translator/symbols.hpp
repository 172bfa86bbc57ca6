#pragma once
#include <span>
#include <vector>

#include "base/rng.hpp"
#include "translation/pair_episodes.hpp"
#include "translator/sentence_tokens.hpp"

namespace attune {

// What a model sees of target tokens: symbols without a name, so that it may be tested on scripts
// that it was not trained on. Those of an episode are given anew in every episode, at random.
enum Symbol : std::uint32_t {
  kNone = 0,   // no token here
  kEnd = 1,    // the end of a sentence
  kBegin = 2,  // what stands before its first token
  kOther = 3,  // a token that is none of the episode's symbols
  kFirstSymbol = 4
};

// A pair as a model sees it: numbers of source words (0: unknown) and symbols of target tokens,
// without kBegin and kEnd.
struct SymbolPair {
  std::vector<std::uint32_t> word, symbol;
};

struct SymbolEpisode {
  std::vector<SymbolPair> support, query;  // of a query that is asked for, `symbol` is the answer
  std::vector<std::uint32_t> piece;        // target token of symbol kFirstSymbol + i
};

// Fixed symbols for those target tokens that the languages of a split have: kOther for the others.
// Pieces of equal numbers of `symbol_of` are those of the tokens.
struct FixedSymbols {
  std::vector<std::uint32_t> symbol_of;
  std::size_t count = 0;
};
FixedSymbols fixed_symbols(const PairPool& pool, const SentenceTokens& tokens,
                           const std::string& split);

// Turns episodes of a pool into what a model sees.
class Symbols {
 public:
  // capacity: symbols that there are for an episode; of more different tokens in its support the
  // most frequent get one, those that come first among equals. `fixed`: symbols of all pieces that
  // do not change, instead. Keeps references to the pool and its tokens. Words are numbered by the
  // vocabulary, from 1.
  Symbols(const PairPool& pool, const SentenceTokens& tokens, const Vocabulary& words,
          std::size_t capacity, std::uint64_t seed, const std::string& stream,
          std::vector<std::uint32_t> fixed = {});
  // number: of the episode, of which, the seed and the stream the symbols are a pure function.
  SymbolEpisode operator()(const PairEpisode& episode, std::uint64_t number) const;

 private:
  std::vector<std::uint32_t> anonymous(const PairEpisode& episode, std::uint64_t number) const;
  SymbolPair pair(std::uint32_t row, const std::vector<std::uint32_t>& symbol_of) const;

  const PairPool* pool_;
  const SentenceTokens* tokens_;
  std::vector<std::uint32_t> word_;  // number of each word of the tokens
  std::size_t capacity_;
  Rng rng_;
  std::vector<std::uint32_t> fixed_;
};

}  // namespace attune
