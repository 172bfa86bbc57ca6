#include "translator/symbols.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "translator/tiny_translation.hpp"

using namespace attune;

namespace {

struct Case {
  PairPool pool = base_three();
  SentenceTokens tokens = SentenceTokeniser(Config())(pool);
  Vocabulary words = source_vocabulary(pool, tokens, "train");
  Symbols symbols(std::size_t capacity, const std::string& stream = "test") const {
    return Symbols(pool, tokens, words, capacity, 7, stream);
  }
};

}  // namespace

TEST_CASE("equal tokens and no others have equal symbols, which lead back to them") {
  const Case at;
  const PairEpisode episode{0, {0, 4, 8, 2}, {1, 5}};
  const SymbolEpisode seen = at.symbols(20)(episode, 3);
  std::map<std::uint32_t, std::uint32_t> symbol_of;
  std::set<std::uint32_t> given;
  for (std::size_t k = 0; k < 4; ++k) {
    const auto target = at.tokens.target_of(episode.support[k]);
    REQUIRE(seen.support[k].symbol.size() == target.size());
    for (std::size_t j = 0; j < target.size(); ++j) {
      const std::uint32_t symbol = seen.support[k].symbol[j];
      REQUIRE(symbol >= kFirstSymbol);
      REQUIRE(symbol < kFirstSymbol + 20);
      CHECK(seen.piece[symbol - kFirstSymbol] == target[j]);
      CHECK(symbol_of.emplace(target[j], symbol).first->second == symbol);
      given.insert(symbol);
    }
  }
  CHECK(given.size() == symbol_of.size());
  for (std::size_t q = 0; q < 2; ++q) {
    const auto target = at.tokens.target_of(episode.query[q]);
    for (std::size_t j = 0; j < target.size(); ++j) {
      const auto known = symbol_of.find(target[j]);
      CHECK(seen.query[q].symbol[j] == (known == symbol_of.end() ? +kOther : known->second));
    }
  }
}

TEST_CASE("symbols are a pure function of seed, stream and number, and differ between episodes") {
  const Case at;
  const PairEpisode episode{0, {0, 1, 2, 3, 4, 5, 6, 7}, {8}};
  const auto first = [&](const std::string& stream, std::uint64_t number) {
    return at.symbols(40, stream)(episode, number).support[0].symbol;
  };
  CHECK(first("a", 1) == first("a", 1));
  CHECK(first("a", 1) != first("b", 1));
  std::set<std::vector<std::uint32_t>> different;
  for (std::uint64_t number = 0; number < 20; ++number) different.insert(first("a", number));
  CHECK(different.size() > 15);
}

TEST_CASE("of too many tokens the most frequent have symbols") {
  const Case at;
  const PairEpisode episode{0, {0, 1, 2, 3}, {6}};  // kx kyz kq lox; asked for: miax
  const SymbolEpisode seen = at.symbols(2)(episode, 0);
  const std::uint32_t k = seen.support[0].symbol[0], x = seen.support[0].symbol[1];
  CHECK(k >= kFirstSymbol);
  CHECK(x >= kFirstSymbol);
  CHECK(k != x);
  CHECK(seen.support[1].symbol == std::vector<std::uint32_t>{k, kOther, kOther});
  CHECK(seen.support[3].symbol == std::vector<std::uint32_t>{kOther, kOther, x});
  CHECK(seen.query[0].symbol == std::vector<std::uint32_t>{kOther, kOther, kOther, x});
}

TEST_CASE("unknown source words have number 0") {
  Case at;
  at.words = Vocabulary({"0"}, {1}, {1}, 1, 1);
  const SymbolEpisode seen = at.symbols(20)({0, {0}, {5}}, 0);
  CHECK(seen.support[0].word == std::vector<std::uint32_t>{1, 1});
  CHECK(seen.query[0].word == std::vector<std::uint32_t>{0, 0});
}

TEST_CASE("fixed symbols are those of the split's tokens, in every episode") {
  const Case at;
  const FixedSymbols fixed = fixed_symbols(at.pool, at.tokens, "train");
  CHECK(fixed.count == 10);  // k x y z q l o m i a
  const Symbols symbols(at.pool, at.tokens, at.words, fixed.count, 7, "test", fixed.symbol_of);
  const SymbolEpisode seen = symbols({0, {0}, {1}}, 0), again = symbols({0, {0}, {1}}, 1);
  CHECK(seen.support[0].symbol == std::vector<std::uint32_t>{kFirstSymbol, kFirstSymbol + 1});
  CHECK(again.support[0].symbol == seen.support[0].symbol);
  for (std::size_t j = 0; j < 3; ++j)
    CHECK(seen.piece[seen.query[0].symbol[j] - kFirstSymbol] == at.tokens.target_of(1)[j]);
  // Of language b only those that language a has too.
  const SymbolEpisode other = symbols({1, {9}, {10}}, 0);
  CHECK(other.support[0].symbol[0] >= kFirstSymbol);  // a
  CHECK(other.support[0].symbol[1] == kOther);        // b
}
