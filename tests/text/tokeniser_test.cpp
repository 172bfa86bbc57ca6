#include "text/tokeniser.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace attune;

namespace {

using Tokens = std::vector<std::string>;

Tokens tokens(const std::string& text, const std::string& config = "{}") {
  return Tokeniser(Config::parse(config, "test"))(text);
}

}  // namespace

TEST_CASE("words, folded and without white space") {
  CHECK(tokens("What's  my\tBalance, today?") ==
        Tokens{"what's", "my", "balance", ",", "today", "?"});
  CHECK(tokens("What's my balance?", R"({"punctuation": false})") ==
        Tokens{"what's", "my", "balance"});
  CHECK(tokens("Ab c", R"({"fold": false})") == Tokens{"Ab", "c"});
}

TEST_CASE("already tokenised text is broken at white space alone") {
  CHECK(tokens("the world cup 's  official-song", R"({"break": "spaces"})") ==
        Tokens{"the", "world", "cup", "'s", "official-song"});
  CHECK(tokens(" a ", R"({"break": "spaces"})") == Tokens{"a"});
}

TEST_CASE("characters are what a reader sees, and keep one space") {
  const std::string config = R"({"break": "characters", "normalise": "none"})";
  CHECK(tokens(" e\u0301a  b ", config) == Tokens{"e\u0301", "a", " ", "b"});
  CHECK(tokens("\u0e17\u0e35\u0e48", config) ==
        Tokens{"\u0e17\u0e35\u0e48"});  // Thai, three points
}

TEST_CASE("one form: compatibility, composition, case") {
  CHECK(tokens("\ufb01ne") == Tokens{"fine"});        // the ligature fi
  CHECK(tokens("e\u0301") == tokens("\u00c9"));       // composed, upper case
  CHECK(tokens("STRASSE") == tokens("stra\u00dfe"));  // full case folding
  CHECK(tokens("\ufb01ne", R"({"normalise": "nfc", "fold": false})") == Tokens{"\ufb01ne"});
}

TEST_CASE("right-to-left and scripts without spaces") {
  CHECK(tokens("\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd").size() == 2);  // shalom olam
  CHECK(tokens("\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01").size() >
        1);
}

TEST_CASE("what no one sees is no part of a token") {
  CHECK(tokens("a\u00adb\ufeff") == Tokens{"ab"});  // soft hyphen, byte order mark
  CHECK(tokens("ab\u200bc") == Tokens{"ab", "c"});  // a zero-width space ends a word
  CHECK(tokens(std::string("a\0b", 3)).front().find('\0') == std::string::npos);
}

TEST_CASE("a text without tokens has the empty one") {
  for (const std::string text : {"", "  \n", "\u200b"}) CHECK(tokens(text) == Tokens{""});
  CHECK(tokens("?!", R"({"punctuation": false})") == Tokens{""});
  CHECK(tokens("x") == Tokens{"x"});
}

TEST_CASE("long texts and long words are cut") {
  std::string text;
  for (int i = 0; i < 10000; ++i) text += "a ";
  CHECK(tokens(text).size() == 512);
  CHECK(tokens(text, R"({"tokens": 7})").size() == 7);
  const Tokens pieces = tokens(std::string(150, 'x'));
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0].size() == 64);
  CHECK(pieces[2].size() == 22);
}

TEST_CASE("bytes that are not UTF-8 are refused") {
  for (const std::string text : {"\xff", "a\xc3", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80"})
    CHECK_THROWS_AS(tokens(text), Error);
}

TEST_CASE("a token that comes as one keeps together") {
  const Tokeniser tokeniser(Config::parse("{}", "test"));
  CHECK(tokeniser.form("New York") == "newyork");
  CHECK(tokeniser.form("\u200b") == "");
}
