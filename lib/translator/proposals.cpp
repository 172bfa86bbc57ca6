#include "translator/proposals.hpp"

#include <algorithm>

#include "translation/proportion_votes.hpp"

namespace attune {
namespace {

std::u32string letters(const std::vector<std::uint32_t>& numbers) {
  return {numbers.begin(), numbers.end()};
}

}  // namespace

std::uint32_t Proposal::at(std::size_t j) const {
  if (votes == 0 || j > symbol.size()) return kNone;
  return j < symbol.size() ? symbol[j] : std::uint32_t{kEnd};
}

std::vector<Proposal> propose(const SymbolEpisode& episode) {
  std::vector<std::u32string> sources, targets;
  for (const SymbolPair& pair : episode.support) {
    sources.push_back(letters(pair.word));
    targets.push_back(letters(pair.symbol));
  }
  const ProportionVotes votes(sources, targets);
  std::vector<Proposal> all;
  for (const SymbolPair& query : episode.query) {
    Proposal& proposal = all.emplace_back();
    const auto best = votes.best(letters(query.word));
    if (!best) continue;
    proposal.symbol.assign(best->target.begin(), best->target.end());
    proposal.votes =
        static_cast<std::uint32_t>(std::min<std::size_t>(best->votes, Proposal::kMostVotes));
  }
  return all;
}

}  // namespace attune
