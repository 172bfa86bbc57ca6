#pragma once
#include <span>

#include "array/array.hpp"
#include "translator/association.hpp"
#include "translator/proposals.hpp"
#include "translator/symbols.hpp"

namespace attune {

// What is told of a place: how many symbols before it, how many behind it where it is one of the
// support, whether how strongly its source's words and the symbols around it belong together, and
// whether what proportional analogy would write there, and how far it agrees with the support's.
struct Window {
  std::size_t earlier, later = 1;
  bool association = false, proposals = false, agreement = false;
};

// Places in targets, each known by what stands around it.
struct TargetPlaces {
  std::vector<Indices> earlier;  // [w][i]: the symbol w + 1 before place i; kBegin, then kNone
  Indices place;                 // 0 for the first symbol
  Indices pair;                  // of the layout
  // (places,W,F), F values for each word of the source: Association::around of places in the
  // support, before of others. Not there where it is not told.
  Array association;
  // What the proposal for the answer has at each place, kNone where the answer has left it, and its
  // votes. Of places in answers, where proposals are told.
  Indices proposed, votes;
  // (places,S): with each item of the memory of its episode, how many of the `earlier` symbols are
  // the same, counted from the latest to the first that differs; 0 where no target item is. Of
  // places in answers, where told.
  Indices agreement;
};

struct PairLayout;

// The places that come next in answers as they are written, one in each row.
class WrittenPlaces {
 public:
  // The answers to the queries of `layout`, which must live as long; `window` is its own.
  WrittenPlaces(const PairLayout& layout, Window window);
  // After `last`, one symbol of each row; kBegin before the first.
  const TargetPlaces& after(const Indices& last);
  void select(const Indices& rows);  // row i is from now on what rows[i] was

 private:
  const PairLayout* layout_;
  Window window_;
  TargetPlaces places_;
  std::vector<bool> follows_;  // its proposal, so far
  std::uint32_t at_ = 0;
};

// Episodes as arrays: letters B episodes, P pairs of them all (of each its support, then its
// queries), R = B·Q queries, W words of the longest source, S items of the longest memory, T steps
// of the longest answer with its end.
struct PairLayout {
  // All episodes with equally many queries.
  PairLayout(std::span<const SymbolEpisode> episodes, Window window);

  std::size_t episodes, queries;  // B, R
  std::size_t words, memory, steps;
  Indices word;        // (P·W)
  Array word_present;  // (P,W)

  // The memory of an episode: of each support pair its words, then its symbols and kEnd.
  TargetPlaces item;           // of all target items of all episodes, I of them
  Indices symbol;              // (I): what stands there
  std::vector<Indices> later;  // [w][i]: the symbol w + 1 behind it; kEnd, then kNone
  Indices from_end;            // (I): 0 for kEnd
  Indices slot;  // (B·S): number among I target items, then P·W words, then one of nothing
  Array present, target;  // (B,S): 1 where an item, where a target item
  Indices memory_symbol;  // (B·S): symbol of target items, else kNone
  Indices memory_pair;    // (B·S): support pair within the episode, 0 where nothing is

  Indices query_pair;                     // (R)
  std::vector<Association> associations;  // of each episode; none where not told
  std::vector<Proposal> proposals;        // (P): for queries; none at all where not told
  Indices episode;                        // (P): of each pair
  // Answers with all their earlier symbols given, (R·T).
  TargetPlaces forced;
  Indices answered;  // those of the R·T places whose next symbol is one of the episode's or kEnd
  Indices answer;    // and those symbols
};

}  // namespace attune
