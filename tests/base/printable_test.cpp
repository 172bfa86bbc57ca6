#include "base/printable.hpp"

#include <doctest/doctest.h>

using namespace attune;

TEST_CASE("what commands a terminal is written, what people read stays") {
  CHECK(printable("Größe 日本 é – 'a|b'") == "Größe 日本 é – 'a|b'");
  CHECK(printable("\x1b[2Jred\x07") == "\\x1b[2Jred\\x07");
  CHECK(printable("a\r\nb\tc\x7f") == "a\\x0d\\x0ab\\x09c\\x7f");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\xc2\x9b"
                  "31m") ==
        "\\xc2\\x9b"
        "31m");  // one character that opens a command
  CHECK(printable("a\u202Eb\u2066c\u2028d") == "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6c\\xe2\\x80\\xa8d");
  CHECK(printable("\u200F\u00A0\u00AD") == "\u200F\u00A0\u00AD");  // used by right-to-left texts
}

TEST_CASE("bytes that are no UTF-8 are written one by one") {
  CHECK(printable("a\xff"
                  "b") ==
        "a\\xff"
        "b");
  CHECK(printable("\xe2\x80") == "\\xe2\\x80");  // cut
  CHECK(printable("\xc0\x80\xed\xa0\x80") == "\\xc0\\x80\\xed\\xa0\\x80");
  CHECK(printable("\xf0\x9f\x98\x80") == "\xf0\x9f\x98\x80");
}

TEST_CASE("lines and tabs may stay, or one sign may stand for all of them") {
  CHECK(printable("a\n\tb\x1b", "\n\t") == "a\n\tb\\x1b");
  CHECK(without_controls("a\n\x1b[0m\xff", "?") == "a??[0m?");
}
