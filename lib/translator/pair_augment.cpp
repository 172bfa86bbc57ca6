#include "translator/pair_augment.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {

PairAugment::PairAugment(const Config& config)
    : reverse_(config.real("reverse", 0, {0, 1},
                           "share of the training episodes whose targets are read backwards")),
      ask_support_(config.flag("ask_support", false,
                               "the support's pairs are asked for beside the queries")) {
  std::set<std::string> seen;
  for (const std::string& list : config.texts(
           "exchange", {}, "lists of source words that exchange their meanings in an episode")) {
    lists_.emplace_back();
    for (const std::string& place : split(list, ' ')) {
      lists_.back().push_back(split(place, '/'));
      const std::size_t want = lists_.back()[0].size(), have = lists_.back().back().size();
      if (have != want)
        throw UsageError(config.origin() + ": " + config.path() + ".exchange: want " +
                         std::to_string(want) + " words in each place of \"" + list + "\", have " +
                         place);
      for (const std::string& word : lists_.back().back())
        if (word.empty() || !seen.insert(word).second)
          throw UsageError(config.origin() + ": " + config.path() +
                           ".exchange: want different words, have \"" + word + "\" twice or empty");
    }
  }
}

void PairAugment::find_words(const Vocabulary& words) {
  number_.clear();
  for (const auto& list : lists_) {
    number_.emplace_back();
    for (const auto& place : list) {
      number_.back().emplace_back();
      for (const std::string& word : place) {
        const auto found = words.find(word);
        if (!found)
          throw UsageError("augment.exchange: want words of the sources trained on, have " + word);
        number_.back().back().push_back(*found + 1);
      }
    }
  }
}

void PairAugment::operator()(SymbolEpisode& episode, Rng rng) const {
  const auto each = [&](const auto& change) {
    for (SymbolPair& pair : episode.support) change(pair);
    for (SymbolPair& pair : episode.query) change(pair);
  };
  if (rng.bernoulli(reverse_)) each([](SymbolPair& pair) { std::ranges::reverse(pair.symbol); });
  std::map<std::uint32_t, std::uint32_t> now;
  for (const auto& list : number_) {
    std::vector<std::uint32_t> place(list.size());
    std::iota(place.begin(), place.end(), 0u);
    rng.shuffle(place);
    for (std::size_t i = 0; i < list.size(); ++i)
      for (std::size_t w = 0; w < list[i].size(); ++w) now[list[i][w]] = list[place[i]][w];
  }
  if (!now.empty())
    each([&](SymbolPair& pair) {
      for (std::uint32_t& word : pair.word)
        if (const auto other = now.find(word); other != now.end()) word = other->second;
    });
  if (ask_support_)
    episode.query.insert(episode.query.end(), episode.support.begin(), episode.support.end());
}

}  // namespace attune
