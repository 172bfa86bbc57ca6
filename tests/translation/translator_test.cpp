#include "translation/translator.hpp"

#include <doctest/doctest.h>

#include "translation/proportion.hpp"
#include "translation/proportion_votes.hpp"

using namespace attune;

namespace {

std::vector<std::string> answers(const std::string& kind, const std::vector<SentencePair>& support,
                                 const std::vector<std::string>& queries) {
  return (*TranslatorRegistry::entries().at(kind).make(Config()))(support, queries);
}

using Solution = std::optional<std::u32string>;

}  // namespace

TEST_CASE("proportions of strings") {
  CHECK(solve_proportion(U"twenty-one", U"twenty-two", U"thirty-one") == Solution(U"thirty-two"));
  CHECK(solve_proportion(U"einundzwanzig", U"zweiundzwanzig", U"einunddreißig") ==
        Solution(U"zweiunddreißig"));
  CHECK(solve_proportion(U"twenty", U"twenty-one", U"thirty") == Solution(U"thirty-one"));
  CHECK(solve_proportion(U"thirty-one", U"thirty", U"twenty-one") == Solution(U"twenty"));
  CHECK(solve_proportion(U"a", U"a", U"b") == Solution(U"b"));
  CHECK(solve_proportion(U"a", U"b", U"a") == Solution(U"b"));
  // Both change the same letters, or add at the same point.
  CHECK_FALSE(solve_proportion(U"one", U"two", U"six"));
  CHECK_FALSE(solve_proportion(U"ab", U"axb", U"ayb"));
  // What is added to "aa" may stand on either side of its letters.
  CHECK(solve_proportion(U"aa", U"aaa", U"aab") == Solution(U"aaab"));
  for (const auto& [b, c] : {std::pair{U"aax", U"yaa"}, std::pair{U"xa", U"ay"}})
    CHECK(solve_proportion(U"aa", b, c) == solve_proportion(U"aa", c, b));
}

TEST_CASE("copy_nearest takes the target of the source that is most alike, the first of several") {
  const std::vector<SentencePair> support = {{"one", "eins"}, {"two", "zwei"}, {"ones", "Einsen"}};
  CHECK(answers("copy_nearest", support, {"ones", "twos", "zzz"}) ==
        std::vector<std::string>{"Einsen", "zwei", "eins"});
}

TEST_CASE("analogy solves on the target side what holds on the source side") {
  const std::vector<SentencePair> support = {{"twenty-one", "einundzwanzig"},
                                             {"twenty-two", "zweiundzwanzig"},
                                             {"thirty-one", "einunddreißig"},
                                             {"forty", "vierzig"}};
  CHECK(
      answers("analogy", support, {"thirty-two", "forty-one"}) ==
      std::vector<std::string>{"zweiunddreißig", "einunddreißig"});  // the second has no proportion
}

TEST_CASE("proportions vote, as counted over all triples of pairs") {
  const std::vector<std::u32string> sources = {U"a1", U"a2", U"b1", U"b2", U"c1", U"c2", U"x1"};
  const std::vector<std::u32string> targets = {U"A1", U"AA", U"B1", U"B2", U"C1", U"C2", U"X1"};
  const ProportionVotes votes(sources, targets);
  std::map<std::u32string, std::size_t> expected;
  for (std::size_t a = 0; a < 7; ++a)
    for (std::size_t b = 0; b < 7; ++b)
      for (std::size_t c = b + 1; c < 7; ++c)
        if (a != b && a != c && solve_proportion(sources[a], sources[b], sources[c]) == U"x2")
          if (const auto x = solve_proportion(targets[a], targets[b], targets[c])) ++expected[*x];
  CHECK(votes(U"x2") == expected);
  CHECK(expected.size() == 2);
  CHECK(votes.best(U"x2")->target == U"X2");
  CHECK(votes.best(U"x2")->votes == 2);
  CHECK_FALSE(votes.best(U"y2"));
  // Of equals the least.
  CHECK(ProportionVotes({U"a1", U"a2", U"x1", U"b1", U"b2"}, {U"a1", U"a3", U"x1", U"b1", U"b2"})
            .best(U"x2")
            ->target == U"x2");
}

TEST_CASE("analogy lets the most frequent solution win") {
  // x2 from three squares: two of them say "X2", one is an exception.
  const std::vector<SentencePair> support = {{"a1", "A1"}, {"a2", "AA"}, {"b1", "B1"}, {"b2", "B2"},
                                             {"c1", "C1"}, {"c2", "C2"}, {"x1", "X1"}};
  CHECK(answers("analogy", support, {"x2"}) == std::vector<std::string>{"X2"});
}
