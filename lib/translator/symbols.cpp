#include "translator/symbols.hpp"

#include <algorithm>

namespace attune {
namespace {

// Different pieces of the support, the most frequent first, those that come first among equals.
std::vector<std::uint32_t> pieces_of(const SentenceTokens& tokens,
                                     const std::vector<std::uint32_t>& support) {
  std::vector<std::uint32_t> order, count(tokens.piece.size(), 0);
  for (const std::uint32_t row : support)
    for (const std::uint32_t piece : tokens.target_of(row))
      if (count[piece]++ == 0) order.push_back(piece);
  std::ranges::stable_sort(order,
                           [&](std::uint32_t a, std::uint32_t b) { return count[a] > count[b]; });
  return order;
}

}  // namespace

Symbols::Symbols(const PairPool& pool, const SentenceTokens& tokens, const Vocabulary& words,
                 std::size_t capacity, std::uint64_t seed, const std::string& stream)
    : pool_(&pool), tokens_(&tokens), capacity_(capacity), rng_(seed, "alphabet." + stream) {
  for (const std::string& word : tokens.word) {
    const auto place = words.find(word);
    word_.push_back(place ? *place + 1 : 0);
  }
}

SymbolEpisode Symbols::operator()(const PairEpisode& episode, std::uint64_t number) const {
  std::vector<std::uint32_t> pieces = pieces_of(*tokens_, episode.support);
  pieces.resize(std::min(pieces.size(), capacity_));
  SymbolEpisode result;
  result.piece.assign(capacity_, static_cast<std::uint32_t>(tokens_->piece.size()));
  std::vector<std::uint32_t> symbol_of(tokens_->piece.size(), kOther);
  const auto given = rng_.at(number).choose(capacity_, pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    result.piece[given[i]] = pieces[i];
    symbol_of[pieces[i]] = kFirstSymbol + given[i];
  }
  for (const std::uint32_t row : episode.support) result.support.push_back(pair(row, symbol_of));
  for (const std::uint32_t row : episode.query) result.query.push_back(pair(row, symbol_of));
  return result;
}

SymbolPair Symbols::pair(std::uint32_t row, const std::vector<std::uint32_t>& symbol_of) const {
  SymbolPair pair;
  for (const std::uint32_t word : tokens_->source_of(pool_->source_of[row]))
    pair.word.push_back(word_[word]);
  for (const std::uint32_t piece : tokens_->target_of(row)) pair.symbol.push_back(symbol_of[piece]);
  return pair;
}

}  // namespace attune
