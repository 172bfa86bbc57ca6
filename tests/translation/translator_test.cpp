#include "translation/translator.hpp"

#include <doctest/doctest.h>

#include "translation/proportion.hpp"

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

TEST_CASE("analogy lets the most frequent solution win") {
  // x2 from three squares: two of them say "X2", one is an exception.
  const std::vector<SentencePair> support = {{"a1", "A1"}, {"a2", "AA"}, {"b1", "B1"}, {"b2", "B2"},
                                             {"c1", "C1"}, {"c2", "C2"}, {"x1", "X1"}};
  CHECK(answers("analogy", support, {"x2"}) == std::vector<std::string>{"X2"});
}
