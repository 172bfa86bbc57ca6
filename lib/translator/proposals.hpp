#pragma once
#include <vector>

#include "translator/symbols.hpp"

namespace attune {

// What proportional analogy answers to a query, for a model to follow or not.
struct Proposal {
  static constexpr std::uint32_t kMostVotes = 8;  // that are told apart
  std::vector<std::uint32_t> symbol;              // of the whole answer
  std::uint32_t votes = 0;                        // 0: no proportion holds, nothing is proposed

  // What it says comes at place j of an answer that is the proposal's up to there; kEnd at last.
  std::uint32_t at(std::size_t j) const;
};

// Of each query, from the support's words and symbols (ProportionVotes).
std::vector<Proposal> propose(const SymbolEpisode& episode);

}  // namespace attune
