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
//   "exchange": lists of source words that take each other's places at random, "jump run walk":
//     each then means what another one did (Lake 2019, §4). Words joined by '/' move together:
//     "two/twenty three/thirty";
//   "ask_support": the queries are followed by the support's own pairs, so that looking one of them
//     up is learned too (the support loss of Lake 2019, §3).
class PairAugment {
 public:
  // UsageError for a list whose words differ in number or that names one twice.
  explicit PairAugment(const Config& config);
  // Numbers of the words by the vocabulary, from 1. UsageError for a word that is not in it.
  void find_words(const Vocabulary& words);
  // Changes an episode; a pure function of it and of rng.
  void operator()(SymbolEpisode& episode, Rng rng) const;

 private:
  double reverse_;
  bool ask_support_;
  std::vector<std::vector<std::vector<std::string>>> lists_;     // list, place, word
  std::vector<std::vector<std::vector<std::uint32_t>>> number_;  // the same as numbers
};

}  // namespace attune
