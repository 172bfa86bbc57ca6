#include "translator/merge_symbols.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace attune {
namespace {

using Run = std::vector<std::uint32_t>;
using Neighbours = std::pair<std::uint32_t, std::uint32_t>;

std::optional<Neighbours> most_frequent(const std::vector<SymbolPair>& support, Rng& rng) {
  std::map<Neighbours, std::size_t> count;
  for (const SymbolPair& pair : support)
    for (std::size_t i = 1; i < pair.symbol.size(); ++i)
      if (pair.symbol[i - 1] >= kFirstSymbol && pair.symbol[i] >= kFirstSymbol)
        ++count[{pair.symbol[i - 1], pair.symbol[i]}];
  std::size_t most = 2;
  std::vector<Neighbours> best;
  for (const auto& [neighbours, times] : count) {
    if (times > most) best.clear();
    if (times >= most) best.push_back(neighbours);
    most = std::max(most, times);
  }
  if (best.empty()) return std::nullopt;
  return best[static_cast<std::size_t>(rng.below(best.size()))];
}

void replace(Run& symbols, const Neighbours& neighbours, std::uint32_t by) {
  Run result;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const bool both = i + 1 < symbols.size() && symbols[i] == neighbours.first &&
                      symbols[i + 1] == neighbours.second;
    result.push_back(both ? by : symbols[i]);
    i += both;
  }
  symbols = std::move(result);
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
  Run left;
  for (std::uint32_t symbol = kFirstSymbol; symbol < kFirstSymbol + alphabet; ++symbol)
    if (!used.contains(symbol)) left.push_back(symbol);
  if (left.empty()) return std::nullopt;
  return left[static_cast<std::size_t>(rng.below(left.size()))];
}

}  // namespace

void merge_symbols(SymbolEpisode& episode, std::size_t merges, std::size_t alphabet, Rng rng) {
  for (std::size_t merge = 0; merge < merges; ++merge) {
    const auto neighbours = most_frequent(episode.support, rng);
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
