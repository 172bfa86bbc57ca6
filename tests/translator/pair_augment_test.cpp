#include "translator/pair_augment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "translator/merge_symbols.hpp"

using namespace attune;

namespace {

PairAugment augment(const std::string& config) {
  return PairAugment(Config::parse(config, "test"));
}

// Words 1 … 6: one two three ten twenty thirty.
Vocabulary six() {
  return Vocabulary({"one", "two", "three", "ten", "twenty", "thirty"}, {1, 1, 1, 1, 1, 1},
                    {1, 1, 1, 1, 1, 1}, 1, 6);
}

SymbolEpisode counting() {
  return {{{{4, 1}, {7, 8, 9}}, {{0, 3}, {8}}}, {{{5, 2, 6}, {9, 9, 7}}}, {}};
}

}  // namespace

TEST_CASE("without settings nothing changes") {
  SymbolEpisode episode = counting();
  augment("{}")(episode, Rng(1, "x"));
  CHECK(episode.support[0].word == counting().support[0].word);
  CHECK(episode.query[0].symbol == counting().query[0].symbol);
}

TEST_CASE("all targets of an episode are read backwards, of as many episodes as asked") {
  const PairAugment half = augment(R"({"reverse": 0.5})");
  std::size_t reversed = 0;
  for (std::uint64_t e = 0; e < 400; ++e) {
    SymbolEpisode episode = counting();
    half(episode, Rng(1, "x", e));
    const bool back = episode.query[0].symbol[0] == 7;
    reversed += back ? 1 : 0;
    CHECK(episode.support[0].symbol ==
          (back ? std::vector<std::uint32_t>{9, 8, 7} : std::vector<std::uint32_t>{7, 8, 9}));
    CHECK(episode.support[0].word == std::vector<std::uint32_t>{4, 1});
  }
  CHECK(reversed > 150);
  CHECK(reversed < 250);
}

TEST_CASE("words exchange their places, those joined together, alike in support and queries") {
  PairAugment both = augment(R"({"exchange": ["one/ten two/twenty three/thirty"]})");
  both.find_words(six());
  std::set<std::vector<std::uint32_t>> seen;
  for (std::uint64_t e = 0; e < 200; ++e) {
    SymbolEpisode episode = counting();
    both(episode, Rng(1, "x", e));
    // Before: ten one | ? three | twenty two thirty.
    const std::uint32_t one = episode.support[0].word[1], three = episode.support[1].word[1];
    const std::uint32_t two = episode.query[0].word[1];
    CHECK(std::set<std::uint32_t>{one, two, three} == std::set<std::uint32_t>{1, 2, 3});
    CHECK(episode.support[0].word[0] == one + 3);
    CHECK(episode.support[1].word[0] == 0);
    CHECK(episode.query[0].word == std::vector<std::uint32_t>{two + 3, two, three + 3});
    CHECK(episode.query[0].symbol == counting().query[0].symbol);
    seen.insert({one, two, three});
  }
  CHECK(seen.size() == 6);
}

TEST_CASE("words and target tokens exchange places, never to the data's own meaning elsewhere") {
  PairAugment both = augment(R"({"exchange": ["one=A two=B three=C"]})");
  both.find_words(six());
  both.find_targets({"x", "C", "B", "A"}, {4, 9, 8, 7}, 40);  // A 7, B 8, C 9
  std::set<std::vector<std::uint32_t>> seen;
  for (std::uint64_t e = 0; e < 2000; ++e) {
    // As in the data one means A, two B and three C; only one is ever queried.
    SymbolEpisode episode{{{{1}, {7}}, {{2}, {8}}, {{3}, {9}}}, {{{1, 4, 1}, {7, 5, 7}}}, {}};
    both(episode, Rng(3, "x", e));
    std::vector<std::uint32_t> meaning(4);
    for (const SymbolPair& pair : episode.support) meaning[pair.word[0]] = pair.symbol[0];
    const SymbolPair& query = episode.query[0];
    CHECK(query.word[1] == 4);
    CHECK(query.symbol == std::vector<std::uint32_t>{meaning[query.word[0]], 5, query.symbol[0]});
    if (meaning == std::vector<std::uint32_t>{0, 7, 8, 9}) CHECK(query.word[0] == 1);
    meaning[0] = query.word[0];
    seen.insert(meaning);
  }
  // Six meanings, each asked of three words, but the data's own of one alone.
  CHECK(seen.size() == 16);
}

TEST_CASE("the support is asked for behind the queries, with the same words exchanged") {
  PairAugment both = augment(R"({"exchange": ["one two three"], "ask_support": true})");
  both.find_words(six());
  for (std::uint64_t e = 0; e < 20; ++e) {
    SymbolEpisode episode = counting();
    both(episode, Rng(2, "x", e));
    REQUIRE(episode.support.size() == 2);
    REQUIRE(episode.query.size() == 3);
    CHECK(episode.query[0].symbol == counting().query[0].symbol);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(episode.query[1 + i].word == episode.support[i].word);
      CHECK(episode.query[1 + i].symbol == counting().support[i].symbol);
    }
  }
}

TEST_CASE("wrong lists are refused") {
  CHECK_THROWS_AS(augment(R"({"exchange": ["one=A two"]})"), UsageError);
  CHECK_THROWS_AS(augment(R"({"exchange": ["one=A two=A"]})"), UsageError);
  CHECK_THROWS_AS(augment(R"({"exchange": ["one= two=A"]})"), UsageError);
  PairAugment named = augment(R"({"exchange": ["one=A two=B"]})");
  CHECK_THROWS_WITH_AS(named.find_targets({"A", "B"}, {}, 40),
                       doctest::Contains("translator.target.symbols"), UsageError);
  CHECK_THROWS_WITH_AS(named.find_targets({"A", "C"}, {4, 5}, 40), doctest::Contains("B"),
                       UsageError);
  CHECK_THROWS_AS(named.find_targets({"A", "B"}, {4, kOther}, 40), UsageError);
  CHECK_THROWS_AS(augment(R"({"exchange": ["one/ten two"]})"), UsageError);
  CHECK_THROWS_AS(augment(R"({"exchange": ["one two", "two three"]})"), UsageError);
  CHECK_THROWS_AS(augment(R"({"exchange": ["one  two"]})"), UsageError);
  PairAugment unknown = augment(R"({"exchange": ["one four"]})");
  CHECK_THROWS_WITH_AS(unknown.find_words(six()),
                       "augment.exchange: want words of the sources trained on, have four",
                       UsageError);
}

TEST_CASE("neighbours that meet most often become one symbol, in the queries too") {
  SymbolEpisode episode{{{{1}, {7, 8, 9}}, {{2}, {7, 8}}, {{3}, {9, 5, 6}}},
                        {{{4}, {7, 8, 9, 7}}, {{5}, {8, 5}}},
                        {}};
  merge_symbols(episode, 1, 6, Rng(1, "x"));  // symbols 4 … 9, of which 4 alone is free
  CHECK(episode.support[0].symbol == std::vector<std::uint32_t>{4, 9});
  CHECK(episode.support[1].symbol == std::vector<std::uint32_t>{4});
  CHECK(episode.support[2].symbol == std::vector<std::uint32_t>{9, 5, 6});
  CHECK(episode.query[0].symbol == std::vector<std::uint32_t>{4, 9, kOther});
  CHECK(episode.query[1].symbol == std::vector<std::uint32_t>{kOther, 5});
}

TEST_CASE(
    "merged targets are equal where they were, shorter, and of no more symbols than there are") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed, "merge-test");
    SymbolEpisode before;
    for (std::size_t k = 0; k < 12; ++k) {
      SymbolPair pair{{1}, {}};
      for (std::size_t i = rng.below(8); i > 0; --i)
        pair.symbol.push_back(kFirstSymbol + static_cast<std::uint32_t>(rng.below(3)));
      (k < 8 ? before.support : before.query).push_back(pair);
    }
    SymbolEpisode after = before;
    merge_symbols(after, seed % 20, 6, Rng(seed, "y"));
    for (std::size_t a = 0; a < 8; ++a) {
      CHECK(after.support[a].symbol.size() <= before.support[a].symbol.size());
      for (const std::uint32_t symbol : after.support[a].symbol) {
        CHECK(symbol >= kFirstSymbol);
        CHECK(symbol < kFirstSymbol + 6);
      }
      for (std::size_t b = 0; b < 8; ++b)
        CHECK((after.support[a].symbol == after.support[b].symbol) ==
              (before.support[a].symbol == before.support[b].symbol));
      for (std::size_t q = 0; q < 4; ++q)
        if (before.query[q].symbol == before.support[a].symbol)
          CHECK(after.query[q].symbol == after.support[a].symbol);
    }
  }
}

TEST_CASE("merging is drawn for each episode, and leaves alone what else is drawn") {
  PairAugment half = augment(R"({"merge": 0.5, "merges": 3, "reverse": 0.5})");
  PairAugment none = augment(R"({"reverse": 0.5})");
  half.find_targets({}, {}, 20);
  std::size_t merged = 0;
  for (std::uint64_t e = 0; e < 400; ++e) {
    SymbolEpisode one{{{{1}, {7, 8, 9}}, {{2}, {7, 8, 9, 7}}}, {{{3}, {8, 9}}}, {}}, other = one;
    half(one, Rng(1, "x", e));
    none(other, Rng(1, "x", e));
    const bool same = one.support[1].symbol == other.support[1].symbol;
    merged += !same;
    if (same) CHECK(one.query[0].symbol == other.query[0].symbol);
  }
  CHECK(merged > 150);
  CHECK(merged < 250);
  CHECK_THROWS_WITH_AS(half.find_targets({"A"}, {5}, 20),
                       doctest::Contains("augment.merge: want symbols without a name"), UsageError);
}
