#include "translator/pair_layout.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace attune {
namespace {

// Numbers of words in `slot` until that of the target items is known.
constexpr std::uint32_t kWords = 1u << 31, kNothing = 0xFFFFFFFFu;

std::uint32_t index(std::size_t value) { return static_cast<std::uint32_t>(value); }

// The symbol `back` before place j.
std::uint32_t before(const std::vector<std::uint32_t>& symbols, std::size_t j, std::size_t back) {
  if (back <= j) return symbols[j - back];
  return back == j + 1 ? kBegin : kNone;
}

// The symbol `on` behind place j.
std::uint32_t behind(const std::vector<std::uint32_t>& symbols, std::size_t j, std::size_t on) {
  if (j + on < symbols.size()) return symbols[j + on];
  return j + on == symbols.size() ? kEnd : kNone;
}

void add_place(TargetPlaces& places, const std::vector<std::uint32_t>& symbols, std::size_t j,
               std::size_t pair) {
  for (std::size_t w = 0; w < places.earlier.size(); ++w)
    places.earlier[w].push_back(j > symbols.size() ? std::uint32_t{kNone}
                                                   : before(symbols, j, w + 1));
  places.place.push_back(index(j));
  places.pair.push_back(index(pair));
}

std::size_t longest(std::span<const SymbolEpisode> episodes,
                    std::vector<std::uint32_t> SymbolPair::*part, bool support, bool query) {
  std::size_t most = 1;
  for (const SymbolEpisode& episode : episodes) {
    if (support)
      for (const SymbolPair& pair : episode.support) most = std::max(most, (pair.*part).size());
    if (query)
      for (const SymbolPair& pair : episode.query) most = std::max(most, (pair.*part).size());
  }
  return most;
}

std::size_t longest_memory(std::span<const SymbolEpisode> episodes) {
  std::size_t most = 1;
  for (const SymbolEpisode& episode : episodes) {
    std::size_t items = 0;
    for (const SymbolPair& pair : episode.support)
      items += pair.word.size() + pair.symbol.size() + 1;
    most = std::max(most, items);
  }
  return most;
}

// Tells of a place of pair p's answer what its proposal has there.
void add_proposed(const PairLayout& layout, TargetPlaces& places, std::size_t p, std::size_t j,
                  bool follows) {
  const Proposal& proposal = layout.proposals[p];
  places.proposed.push_back(follows ? proposal.at(j) : std::uint32_t{kNone});
  places.votes.push_back(proposal.votes);
}

// Fills the words of pair p.
void add_words(PairLayout& layout, std::size_t p, const SymbolPair& pair) {
  for (std::size_t i = 0; i < pair.word.size(); ++i) {
    layout.word[p * layout.words + i] = pair.word[i];
    layout.word_present.mutable_data()[p * layout.words + i] = 1;
  }
}

void add_memory(PairLayout& layout, std::size_t b, std::size_t first_pair,
                const std::vector<SymbolPair>& support) {
  std::size_t at = b * layout.memory;
  const auto put = [&](std::size_t slot, std::size_t k, std::uint32_t symbol) {
    layout.slot[at] = index(slot);
    layout.present.mutable_data()[at] = 1;
    layout.target.mutable_data()[at] = symbol == kNone ? Real(0) : Real(1);
    layout.memory_symbol[at] = symbol;
    layout.memory_pair[at] = index(k);
    ++at;
  };
  for (std::size_t k = 0; k < support.size(); ++k) {
    const auto& symbols = support[k].symbol;
    const std::size_t p = first_pair + k;
    for (std::size_t i = 0; i < support[k].word.size(); ++i)
      put(kWords + p * layout.words + i, k, kNone);
    for (std::size_t j = 0; j <= symbols.size(); ++j) {
      const std::uint32_t here = j < symbols.size() ? symbols[j] : std::uint32_t{kEnd};
      put(layout.symbol.size(), k, here);
      add_place(layout.item, symbols, j, p);
      layout.symbol.push_back(here);
      for (std::size_t w = 0; w < layout.later.size(); ++w)
        layout.later[w].push_back(behind(symbols, j, w + 1));
      layout.from_end.push_back(index(symbols.size() - j));
    }
  }
}

void add_query(PairLayout& layout, std::size_t p, const std::vector<std::uint32_t>& symbols) {
  const std::size_t row = layout.query_pair.size();
  layout.query_pair.push_back(index(p));
  bool follows = true;
  for (std::size_t j = 0; j < layout.steps; ++j) {
    add_place(layout.forced, symbols, j, p);
    if (!layout.proposals.empty()) {
      follows = follows && j <= symbols.size() &&
                (j == 0 || symbols[j - 1] == layout.proposals[p].at(j - 1));
      add_proposed(layout, layout.forced, p, j, follows);
    }
    if (j > symbols.size()) continue;
    const std::uint32_t next = j < symbols.size() ? symbols[j] : std::uint32_t{kEnd};
    if (next == kOther) continue;
    layout.answered.push_back(index(row * layout.steps + j));
    layout.answer.push_back(next);
  }
}

// Association of places in answers, (places,W,F).
Array before(const PairLayout& layout, const TargetPlaces& places) {
  constexpr std::size_t kValues = Association::kBefore;
  Array result = Array::zeros({places.pair.size(), layout.words, kValues});
  Real* out = result.mutable_data();
  for (std::size_t i = 0; i < places.pair.size(); ++i) {
    const std::uint32_t pair = places.pair[i];
    std::array<std::uint32_t, kValues> earlier{};
    for (std::size_t w = 0; w < std::min(kValues, places.earlier.size()); ++w)
      earlier[w] = places.earlier[w][i];
    for (std::size_t w = 0; w < layout.words; ++w, out += kValues)
      layout.associations[layout.episode[pair]].before(earlier,
                                                       layout.word[pair * layout.words + w], out);
  }
  return result;
}

// Agreement of places in answers with the memory of their episodes.
Indices agreement(const PairLayout& layout, const TargetPlaces& places) {
  const std::size_t S = layout.memory, items = layout.symbol.size();
  Indices result(places.pair.size() * S, 0);
  for (std::size_t i = 0; i < places.pair.size(); ++i) {
    const std::size_t first = layout.episode[places.pair[i]] * S;
    for (std::size_t s = 0; s < S; ++s) {
      const std::uint32_t item = layout.slot[first + s];
      if (item >= items) continue;
      std::uint32_t& same = result[i * S + s];
      while (same < places.earlier.size() &&
             places.earlier[same][i] == layout.item.earlier[same][item])
        ++same;
    }
  }
  return result;
}

// Association of the items of the supports, (I,W,F).
Array around(const PairLayout& layout, std::span<const SymbolEpisode> all) {
  constexpr std::size_t kValues = Association::kAround;
  Array result = Array::zeros({layout.symbol.size(), layout.words, kValues});
  Real* out = result.mutable_data();
  for (std::size_t b = 0; b < all.size(); ++b)
    for (std::size_t k = 0; k < all[b].support.size(); ++k) {
      const SymbolPair& pair = all[b].support[k];
      for (std::size_t j = 0; j <= pair.symbol.size(); ++j, out += layout.words * kValues)
        for (std::size_t w = 0; w < pair.word.size(); ++w)
          layout.associations[b].around(k, j, pair.word[w], out + w * kValues);
    }
  return result;
}

}  // namespace

WrittenPlaces::WrittenPlaces(const PairLayout& layout, Window window)
    : layout_(&layout),
      window_(window),
      places_{.earlier = {window.earlier, Indices(layout.query_pair.size(), kNone)},
              .place = {},
              .pair = layout.query_pair,
              .association = {},
              .proposed = {},
              .votes = {},
              .agreement = {}},
      follows_(layout.query_pair.size(), true) {}

const TargetPlaces& WrittenPlaces::after(const Indices& last) {
  places_.earlier.insert(places_.earlier.begin(), last);
  places_.earlier.pop_back();
  if (window_.proposals) {
    places_.proposed.clear();
    places_.votes.clear();
    for (std::size_t i = 0; i < last.size(); ++i) {
      const std::uint32_t pair = places_.pair[i];
      if (at_ > 0 && last[i] != layout_->proposals[pair].at(at_ - 1)) follows_[i] = false;
      add_proposed(*layout_, places_, pair, at_, follows_[i]);
    }
  }
  places_.place.assign(last.size(), at_++);
  if (window_.association) places_.association = before(*layout_, places_);
  if (window_.agreement) places_.agreement = agreement(*layout_, places_);
  return places_;
}

void WrittenPlaces::select(const Indices& rows) {
  const auto choose = [&](auto& of) {
    std::remove_reference_t<decltype(of)> chosen;
    for (const std::uint32_t row : rows) chosen.push_back(of.at(row));
    of = std::move(chosen);
  };
  choose(places_.pair);
  choose(follows_);
  for (Indices& symbols : places_.earlier) choose(symbols);
}

PairLayout::PairLayout(std::span<const SymbolEpisode> all, Window window)
    : episodes(all.size()),
      queries(0),
      words(longest(all, &SymbolPair::word, true, true)),
      memory(longest_memory(all)),
      steps(longest(all, &SymbolPair::symbol, false, true) + 1) {
  std::size_t pairs = 0;
  for (const SymbolEpisode& one : all) {
    if (one.query.size() != all[0].query.size())
      throw Error("translation: want episodes of " + std::to_string(all[0].query.size()) +
                  " queries, have one of " + std::to_string(one.query.size()));
    pairs += one.support.size() + one.query.size();
    queries += one.query.size();
  }
  word.assign(pairs * words, 0);
  word_present = Array::zeros({pairs, words});
  slot.assign(episodes * memory, kNothing);
  present = Array::zeros({episodes, memory});
  target = Array::zeros({episodes, memory});
  memory_symbol.assign(episodes * memory, kNone);
  memory_pair.assign(episodes * memory, 0);
  item.earlier.resize(window.earlier);
  forced.earlier.resize(window.earlier);
  later.resize(window.later);
  for (const SymbolEpisode& one : window.proposals ? all : all.first(0)) {
    proposals.resize(proposals.size() + one.support.size());
    std::ranges::move(propose(one), std::back_inserter(proposals));
  }
  std::size_t p = 0;
  for (std::size_t b = 0; b < episodes; ++b) {
    episode.insert(episode.end(), all[b].support.size() + all[b].query.size(), index(b));
    add_memory(*this, b, p, all[b].support);
    for (const SymbolPair& pair : all[b].support) add_words(*this, p++, pair);
    for (const SymbolPair& pair : all[b].query) {
      add_query(*this, p, pair.symbol);
      add_words(*this, p++, pair);
    }
  }
  const auto items = index(symbol.size());
  for (std::uint32_t& one : slot)
    one = one == kNothing ? items + index(pairs * words)
          : one >= kWords ? one - kWords + items
                          : one;
  if (window.agreement) forced.agreement = agreement(*this, forced);
  if (!window.association) return;
  for (const SymbolEpisode& one : all) associations.emplace_back(one.support);
  item.association = around(*this, all);
  forced.association = before(*this, forced);
}

}  // namespace attune
