#include "translator/symbols.hpp"

#include <algorithm>

#include "base/splits.hpp"

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
                 std::size_t capacity, std::uint64_t seed, const std::string& stream,
                 std::vector<std::uint32_t> fixed)
    : pool_(&pool),
      tokens_(&tokens),
      capacity_(capacity),
      rng_(seed, "alphabet." + stream),
      fixed_(std::move(fixed)) {
  for (const std::string& word : tokens.word) {
    const auto place = words.find(word);
    word_.push_back(place ? *place + 1 : 0);
  }
}

FixedSymbols fixed_symbols(const PairPool& pool, const SentenceTokens& tokens,
                           const std::string& split) {
  FixedSymbols fixed;
  fixed.symbol_of.assign(tokens.piece.size(), kOther);
  const auto begin = pool.language_begin();
  for (const std::uint32_t language : places_of_split(pool.language_split, split))
    for (std::uint32_t pair = begin[language]; pair < begin[language + 1]; ++pair)
      for (const std::uint32_t piece : tokens.target_of(pair))
        if (fixed.symbol_of[piece] == kOther)
          fixed.symbol_of[piece] = kFirstSymbol + static_cast<std::uint32_t>(fixed.count++);
  return fixed;
}

SymbolEpisode Symbols::operator()(const PairEpisode& episode, std::uint64_t number) const {
  SymbolEpisode result;
  result.piece.assign(capacity_, static_cast<std::uint32_t>(tokens_->piece.size()));
  const std::vector<std::uint32_t> symbol_of = fixed_.empty() ? anonymous(episode, number) : fixed_;
  for (std::size_t i = 0; i < symbol_of.size(); ++i)
    if (symbol_of[i] >= kFirstSymbol)
      result.piece[symbol_of[i] - kFirstSymbol] = static_cast<std::uint32_t>(i);
  for (const std::uint32_t row : episode.support) result.support.push_back(pair(row, symbol_of));
  for (const std::uint32_t row : episode.query) result.query.push_back(pair(row, symbol_of));
  return result;
}

std::vector<std::uint32_t> Symbols::anonymous(const PairEpisode& episode,
                                              std::uint64_t number) const {
  std::vector<std::uint32_t> pieces = pieces_of(*tokens_, episode.support);
  pieces.resize(std::min(pieces.size(), capacity_));
  std::vector<std::uint32_t> symbol_of(tokens_->piece.size(), kOther);
  const auto given = rng_.at(number).choose(capacity_, pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) symbol_of[pieces[i]] = kFirstSymbol + given[i];
  return symbol_of;
}

SymbolPair Symbols::pair(std::uint32_t row, const std::vector<std::uint32_t>& symbol_of) const {
  SymbolPair pair;
  for (const std::uint32_t word : tokens_->source_of(pool_->source_of[row]))
    pair.word.push_back(word_[word]);
  for (const std::uint32_t piece : tokens_->target_of(row)) pair.symbol.push_back(symbol_of[piece]);
  return pair;
}

}  // namespace attune
