#include "metric/code_points.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "metric/bleu.hpp"
#include "metric/chrf.hpp"

using namespace attune;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;  // answer, reference

double chrf(const Pairs& pairs) {
  Chrf metric;
  for (const auto& [answer, reference] : pairs) metric.add(answer, reference);
  return metric.score();
}

double bleu(const Pairs& pairs) {
  Bleu metric;
  for (const auto& [answer, reference] : pairs) metric.add(answer, reference);
  return metric.score();
}

}  // namespace

TEST_CASE("code points are those of UTF-8 in one to four bytes") {
  CHECK(code_points("aé€𐍈") == U"aé€𐍈");
  CHECK(code_points("").empty());
  CHECK_THROWS_WITH_AS(code_points("a\xff"), doctest::Contains("want UTF-8"), Error);
}

TEST_CASE("edit distances worked out by hand") {
  CHECK(edit_distance(U"kitten", U"sitting") == 3);
  CHECK(edit_distance(U"", U"abc") == 3);
  CHECK(edit_distance(U"abc", U"") == 3);
  CHECK(edit_distance(U"ab", U"ba") == 2);
  CHECK(edit_distance(U"höhe", U"hohe") == 1);  // one code point, not two bytes
  CHECK(edit_similarity(U"kitten", U"sitting") == doctest::Approx(1 - 3 / 7.0));
  CHECK(edit_similarity(U"", U"") == 1);
}

TEST_CASE("exact match counts equal bytes") {
  const std::vector<std::string> answers = {"one", "two ", "three"};
  const std::vector<std::string> references = {"one", "two", "three"};
  CHECK(exact_match(answers, references) == doctest::Approx(2 / 3.0));
  CHECK_THROWS_AS(exact_match(answers, std::span(references).first(2)), Error);
  CHECK_THROWS_AS(exact_match({}, {}), Error);
}

TEST_CASE("the character error rate sums edits and letters over the corpus") {
  CharacterErrors errors;
  CHECK_THROWS_AS(errors.rate(), Error);
  errors.add("sitting", "kitten");  // 3 edits, 6 letters
  errors.add("é", "éa");            // 1 of 2
  CHECK(errors.rate() == doctest::Approx(4 / 8.0));
  errors.add("xxxxx", "");  // 5 insertions
  CHECK(errors.rate() == doctest::Approx(9 / 8.0));
}

TEST_CASE("chrF worked out by hand") {
  // Orders 1, 2, 3: 2 of 3, 1 of 2, 0 of 1, on both sides: their mean is 7/18.
  CHECK(chrf({{"abc", "abd"}}) == doctest::Approx(700 / 18.0));
  // Orders 1 and 2 alone are on both sides: P = 1, R = (1/2 + 1/3) / 2; F = 25/53.
  CHECK(chrf({{"ab", "abcd"}}) == doctest::Approx(2500 / 53.0));
  // And the other way round: P = 5/12, R = 1; F = 25/32.
  CHECK(chrf({{"abcd", "ab"}}) == doctest::Approx(2500 / 32.0));
  // Sums of the first two: 4 of 5 and of 7, 2 of 3 and of 5, 0 of 1 and of 3; P = 22/45, R =
  // 34/105.
  CHECK(chrf({{"abc", "abd"}, {"ab", "abcd"}}) == doctest::Approx(374000 / 10770.0));
  // A gram counts no more often than the reference has it: 2 of 3 and of 2, 1 of 2 and of 1.
  CHECK(chrf({{"aaa", "aa"}}) == doctest::Approx(100 * 5 * (7 / 12.0) / (4 * 7 / 12.0 + 1)));
}

TEST_CASE("chrF of what is equal, of nothing alike, and of white space") {
  CHECK(chrf({{"twenty-one", "twenty-one"}}) == doctest::Approx(100));
  CHECK(chrf({{"a b\u00a0c", "abc"}}) == doctest::Approx(100));
  CHECK(chrf({{"é", "è"}}) == 0);  // they share a byte
  CHECK(chrf({{"", "abc"}}) == 0);
  CHECK(chrf({{"abc", ""}}) == 0);
  CHECK(chrf({}) == 0);
}

TEST_CASE("13a sets off marks, and stops that stand in no number") {
  using Tokens = std::vector<std::string>;
  CHECK(tokenise_13a("Hello, world! 3.5 1,000") ==
        Tokens{"Hello", ",", "world", "!", "3.5", "1,000"});
  CHECK(tokenise_13a("5-6 a-b it's x.") == Tokens{"5", "-", "6", "a-b", "it's", "x", "."});
  CHECK(tokenise_13a("U.S. é.é") == Tokens{"U", ".", "S", ".", "é", ".", "é"});
  CHECK(tokenise_13a("&quot;a&lt;b&amp;") == Tokens{"\"", "a", "<", "b", "&"});
  CHECK(tokenise_13a("end-\nless <skipped>a\nb\u3000c") == Tokens{"endless", "a", "b", "c"});
  CHECK(tokenise_13a(".5 5. ~") == Tokens{".", "5", "5", ".", "~"});
  CHECK(tokenise_13a(" \t").empty());
}

TEST_CASE("BLEU worked out by hand") {
  CHECK(bleu({{"the cat sat down", "the cat sat down"}}) == doctest::Approx(100));
  // Precisions 1 and brevity exp(1 − 5/4).
  CHECK(bleu({{"a b c d", "a b c d e"}}) == doctest::Approx(100 * std::exp(-0.25)));
  // 1 of 4 (clipped), then none of 3, 2 and 1: 1/(2·3), 1/(4·2), 1/(8·1).
  CHECK(bleu({{"the the the the", "the cat sat"}}) ==
        doctest::Approx(100 * std::pow(1 / 1536.0, 0.25)));
  // Sums over the corpus: 4+1 of 4+4, 3 of 6, 2 of 4, 1 of 2; lengths 8 and 8.
  CHECK(bleu({{"a b c d", "a b c d"}, {"the the the the", "the cat sat down"}}) ==
        doctest::Approx(100 * std::pow(5 / 8.0 / 8, 0.25)));
  CHECK(bleu({{"x y z w", "a b c d"}}) == 0);
  CHECK(bleu({{"a b c", "a b c"}}) == 0);  // no 4-grams
  CHECK(bleu({{"", "a"}}) == 0);
  CHECK(bleu({}) == 0);
}
