#pragma once
#include <string>
#include <vector>

#include "base/config.hpp"
#include "text/vocabulary.hpp"
#include "translator/symbols.hpp"

namespace attune {

// Makes other languages of those that a model is trained on, so that it learns to read the support
// rather than to know them by heart. Of each episode anew, alike in its support and its queries:
//   "reverse": the probability that all targets are read from their ends;
//   "merge": the probability that targets are written with coarser symbols, by up to "merges"
//     merges (merge_symbols.hpp), so that scripts of syllables or words are learned to be read too;
//   "exchange": lists of source words that take each other's places at random, "jump run walk":
//     each then means what another one did (Lake 2019, §4). Words joined by '/' move together:
//     "two/twenty three/thirty". Where each names a target token, "jump=I_JUMP run=I_RUN", these
//     take each other's places too, on their own, but never so that another sentence's words come
//     to mean what they mean in the data: what is held out there stays held out;
//   "ask_support": the queries are followed by the support's own pairs, so that looking one of them
//     up is learned too (the support loss of Lake 2019).
class PairAugment {
 public:
  // UsageError for a list whose words differ in number, that names one twice, or that names
  // target tokens of some words only.
  explicit PairAugment(const Config& config);
  // Numbers of the words by the vocabulary, from 1. UsageError for a word that is not in it.
  void find_words(const Vocabulary& words);
  // Their fixed symbols: pieces are target tokens, symbol_of what they are seen as (none where
  // symbols have no name), alphabet how many symbols an episode may have. UsageError for a target
  // token that is none of them, and for fixed symbols that are to be merged.
  void find_targets(const std::vector<std::string>& pieces,
                    const std::vector<std::uint32_t>& symbol_of, std::size_t alphabet);
  // Changes an episode; a pure function of it and of rng.
  void operator()(SymbolEpisode& episode, Rng rng) const;

 private:
  struct Exchange {
    std::vector<std::vector<std::string>> words;  // of each place
    std::vector<std::string> target;              // of each place; none at all where empty
    std::vector<std::vector<std::uint32_t>> number;
    std::vector<std::uint32_t> symbol;
  };
  void parse(const std::string& list, const std::string& where);

  double reverse_, merge_;
  std::size_t merges_, alphabet_ = 0;
  bool ask_support_;
  std::vector<Exchange> lists_;
};

}  // namespace attune
