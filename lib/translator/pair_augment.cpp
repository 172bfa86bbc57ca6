#include "translator/pair_augment.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "translator/merge_symbols.hpp"

namespace attune {

PairAugment::PairAugment(const Config& config)
    : reverse_(config.real("reverse", 0, {0, 1},
                           "share of the training episodes whose targets are read backwards")),
      merge_(config.real("merge", 0, {0, 1},
                         "share of the training episodes whose targets are written with coarser "
                         "symbols, neighbours that often meet being one")),
      merges_(static_cast<std::size_t>(
          config.integer("merges", 60, {1, 10000},
                         "such symbols of an episode at most; any number is as likely"))),
      ask_support_(config.flag("ask_support", false,
                               "the support's pairs are asked for beside the queries")) {
  for (const std::string& list :
       config.texts("exchange", {}, "lists of source words that exchange their meanings"))
    parse(list, config.origin() + ": " + config.path() + ".exchange: ");
}

void PairAugment::parse(const std::string& list, const std::string& where) {
  Exchange exchange;
  std::set<std::string> targets, seen;
  for (const Exchange& earlier : lists_) {
    for (const auto& words : earlier.words) seen.insert(words.begin(), words.end());
    targets.insert(earlier.target.begin(), earlier.target.end());
  }
  for (const std::string& place : split(list, ' ')) {
    const std::size_t equals = place.rfind('=');
    exchange.words.push_back(split(place.substr(0, equals), '/'));
    if (equals != std::string::npos) exchange.target.push_back(place.substr(equals + 1));
    const std::size_t want = exchange.words[0].size(), have = exchange.words.back().size();
    if (have != want)
      throw UsageError(where + "want " + std::to_string(want) + " words in each place of \"" +
                       list + "\", have " + place);
    for (const std::string& word : exchange.words.back())
      if (word.empty() || !seen.insert(word).second)
        throw UsageError(where + "want different words, have \"" + word + "\" twice or empty");
  }
  if (!exchange.target.empty() && exchange.target.size() != exchange.words.size())
    throw UsageError(where + "want a target token for each place of \"" + list + "\" or for none");
  for (const std::string& target : exchange.target)
    if (target.empty() || !targets.insert(target).second)
      throw UsageError(where + "want different target tokens, have \"" + target +
                       "\" twice or empty");
  lists_.push_back(std::move(exchange));
}

void PairAugment::find_words(const Vocabulary& words) {
  for (Exchange& exchange : lists_) {
    exchange.number.clear();
    for (const auto& place : exchange.words) {
      exchange.number.emplace_back();
      for (const std::string& word : place) {
        const auto found = words.find(word);
        if (!found)
          throw UsageError("augment.exchange: want words of the sources trained on, have " + word);
        exchange.number.back().push_back(*found + 1);
      }
    }
  }
}

void PairAugment::find_targets(const std::vector<std::string>& pieces,
                               const std::vector<std::uint32_t>& symbol_of, std::size_t alphabet) {
  if (merge_ > 0 && !symbol_of.empty())
    throw UsageError(
        "augment.merge: want symbols without a name (translator.target.symbols), have fixed ones");
  alphabet_ = alphabet;
  for (Exchange& exchange : lists_) {
    exchange.symbol.clear();
    for (const std::string& target : exchange.target) {
      if (symbol_of.empty())
        throw UsageError("augment.exchange: want fixed symbols of target tokens to exchange " +
                         target + " (translator.target.symbols)");
      const auto at = std::ranges::find(pieces, target) - pieces.begin();
      const std::uint32_t symbol =
          at == std::ssize(pieces) ? kOther : symbol_of[static_cast<std::size_t>(at)];
      if (symbol < kFirstSymbol)
        throw UsageError("augment.exchange: want tokens of the targets trained on, have " + target);
      exchange.symbol.push_back(symbol);
    }
  }
}

void PairAugment::operator()(SymbolEpisode& episode, Rng rng) const {
  const auto each = [&](const auto& change) {
    for (SymbolPair& pair : episode.support) change(pair);
    for (SymbolPair& pair : episode.query) change(pair);
  };
  if (rng.bernoulli(reverse_)) each([](SymbolPair& pair) { std::ranges::reverse(pair.symbol); });
  Rng chance = rng.fork("merge");
  if (chance.bernoulli(merge_))
    merge_symbols(episode, 1 + static_cast<std::size_t>(chance.below(merges_)), alphabet_, chance);
  std::map<std::uint32_t, std::uint32_t> word, symbol;
  for (const Exchange& exchange : lists_) {
    std::vector<std::uint32_t> place(exchange.number.size());
    std::iota(place.begin(), place.end(), 0u);
    const std::vector<std::uint32_t> own = place;
    std::vector<std::uint32_t> meant = place;
    rng.shuffle(place);
    if (!exchange.symbol.empty()) {
      do {
        rng.shuffle(meant);
      } while (meant == place && place != own);
    }
    for (std::size_t i = 0; i < place.size(); ++i) {
      for (std::size_t w = 0; w < exchange.number[i].size(); ++w)
        word[exchange.number[i][w]] = exchange.number[place[i]][w];
      if (!exchange.symbol.empty()) symbol[exchange.symbol[i]] = exchange.symbol[meant[i]];
    }
  }
  const auto replace = [](std::vector<std::uint32_t>& values, const auto& by) {
    for (std::uint32_t& value : values)
      if (const auto other = by.find(value); other != by.end()) value = other->second;
  };
  if (!word.empty())
    each([&](SymbolPair& pair) {
      replace(pair.word, word);
      replace(pair.symbol, symbol);
    });
  if (ask_support_)
    episode.query.insert(episode.query.end(), episode.support.begin(), episode.support.end());
}

}  // namespace attune
