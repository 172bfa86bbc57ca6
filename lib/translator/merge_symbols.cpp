#include "translator/merge_symbols.hpp"

#include <set>

#include "translation/neighbours.hpp"

namespace attune {
namespace {

std::optional<Neighbours> neighbours_in(const std::vector<SymbolPair>& support, Rng& rng) {
  std::vector<const Symbols32*> lines;
  for (const SymbolPair& pair : support) lines.push_back(&pair.symbol);
  return most_frequent(lines, kFirstSymbol, 2, rng);
}

// Of all targets, or those of the support.
std::set<std::uint32_t> in_use(const SymbolEpisode& episode, bool queries) {
  std::set<std::uint32_t> used;
  for (const SymbolPair& pair : episode.support)
    used.insert(pair.symbol.begin(), pair.symbol.end());
  if (queries)
    for (const SymbolPair& pair : episode.query)
      used.insert(pair.symbol.begin(), pair.symbol.end());
  return used;
}

std::optional<std::uint32_t> free_symbol(const SymbolEpisode& episode, std::size_t alphabet,
                                         Rng& rng) {
  const auto used = in_use(episode, true);
  Symbols32 left;
  for (std::uint32_t symbol = kFirstSymbol; symbol < kFirstSymbol + alphabet; ++symbol)
    if (!used.contains(symbol)) left.push_back(symbol);
  if (left.empty()) return std::nullopt;
  return left[static_cast<std::size_t>(rng.below(left.size()))];
}

}  // namespace

void merge_symbols(SymbolEpisode& episode, std::size_t merges, std::size_t alphabet, Rng rng) {
  for (std::size_t merge = 0; merge < merges; ++merge) {
    const auto neighbours = neighbours_in(episode.support, rng);
    const auto symbol = free_symbol(episode, alphabet, rng);
    if (!neighbours || !symbol) break;
    for (SymbolPair& pair : episode.support) replace(pair.symbol, *neighbours, *symbol);
    for (SymbolPair& pair : episode.query) replace(pair.symbol, *neighbours, *symbol);
  }
  const auto known = in_use(episode, false);
  for (SymbolPair& pair : episode.query)
    for (std::uint32_t& symbol : pair.symbol)
      if (!known.contains(symbol)) symbol = kOther;
}

}  // namespace attune
