#include "dataset/class_name.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "dataset/raw_files.hpp"

using namespace attune;
using namespace attune::testing;

TEST_CASE("names that look the same are the same") {
  CHECK(class_name("Cafe\u0301") == "Caf\u00e9");
  CHECK(class_name("Caf\u00e9") == "Caf\u00e9");
  CHECK(class_name(" New\u00a0 York\u3000\r") == "New York");
  CHECK(class_name("\ufeffbee\u200b") == "bee");
  CHECK(class_name("\u05d0\u200f\u2060") == "\u05d0");
  CHECK(class_name("\u200b\u00a0").empty());
}

TEST_CASE("names that look different stay different") {
  for (const std::string name : {"e", "E", "\u00e9", "\ufb01", "fi", "x2", "x\u00b2", "a b", "ab"})
    CHECK(class_name(name) == name);
  // A joiner within a Persian word, joined faces, the flag of Wales.
  for (const std::string name :
       {"\u0645\u06cc\u200c\u062e", "\U0001F469\u200d\U0001F52C",
        "\U0001F3F4\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073\U000E007F"})
    CHECK(class_name(name) == name);
}

TEST_CASE("bytes that are not UTF-8 come back as they are") {
  CHECK(class_name("\xff ") == "\xff ");
  CHECK(composed("\xff") == "\xff");
}

TEST_CASE("composed changes nothing but the form") {
  CHECK(composed(" e\u0301 \u200b/x") == " \u00e9 \u200b/x");
  CHECK(composed("plain  ") == "plain  ");
}

TEST_CASE("two spellings of one name are refused with both told apart") {
  OneSpelling spelling;
  CHECK(spelling.of("Caf\u00e9", "in") == "Caf\u00e9");
  CHECK(spelling.of("Caf\u00e9", "in") == "Caf\u00e9");
  CHECK(message_of([&] { spelling.of("Cafe\u0301", "in"); }) ==
        "in: want names that differ to the eye, have two spellings of Caf\u00e9: \"Caf\\u{e9}\" "
        "and \"Cafe\\u{301}\" (rename one)");
}
