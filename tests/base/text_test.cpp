#include "base/text.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "base/scratch.hpp"

using namespace attune;

TEST_CASE("numbers as text read back bit for bit") {
  Rng rng(1, "text");
  for (int i = 0; i < 100000; ++i) {
    const auto value = std::bit_cast<double>(rng.bits());
    if (!std::isfinite(value)) continue;
    const std::string text = to_text(value);
    REQUIRE(std::bit_cast<std::uint64_t>(parse_real(text, "x")) ==
            std::bit_cast<std::uint64_t>(value));
    REQUIRE(std::strtod(text.c_str(), nullptr) == value);
  }
  CHECK(to_text(0.1) == "0.1");
  CHECK(to_text(-0.0) == "-0");
  CHECK(to_text(1.0) == "1");
}

TEST_CASE("fixed decimals are rounded to nearest, and long ones fit") {
  CHECK(to_text(98.449, 1) == "98.4");
  CHECK(to_text(98.451, 1) == "98.5");
  CHECK(to_text(2.5, 0) == "2");
  CHECK(to_text(-0.004, 2) == "-0.00");
  CHECK(to_text(std::numeric_limits<double>::max(), 30).size() == 309 + 1 + 30);
}

TEST_CASE("numbers with anything else around them are refused") {
  for (const char* text :
       {"", " 1", "1 ", "1,5", "+1", "0x10", "nan", "inf", "-inf", "1e999", "1.5x", "--1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_real(text, "rate"), UsageError);
    CHECK_THROWS_AS(parse_integer(text, "steps"), UsageError);
  }
  CHECK_THROWS_AS(parse_integer("1.0", "steps"), UsageError);
  CHECK_THROWS_AS(parse_integer("9223372036854775808", "steps"), UsageError);
  CHECK(parse_integer("-9223372036854775808", "steps") == std::numeric_limits<std::int64_t>::min());
  CHECK(message_of<UsageError>([] { parse_integer("ten", "--steps"); }) ==
        "--steps: want an integer, have \"ten\"");
}

TEST_CASE("split keeps empty fields and join is its inverse") {
  using Parts = std::vector<std::string>;
  CHECK(split("", '\t') == Parts{""});
  CHECK(split("\t", '\t') == Parts{"", ""});
  CHECK(split("a\t\tb\t", '\t') == Parts{"a", "", "b", ""});
  CHECK(join(split("a..b.", '.'), ".") == "a..b.");
  CHECK(join({}, ", ").empty());
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim(" \r\n").empty());
}

TEST_CASE("the nearest name is suggested only when it is near") {
  const std::vector<std::string> names{"steps", "seed", "learning_rate", "kind"};
  CHECK(nearest("stpes", names) == "steps");
  CHECK(nearest("knid", names) == "kind");
  CHECK(nearest("learning-rate", names) == "learning_rate");
  CHECK(nearest("momentum", names).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest("steps", {}).empty());
}

TEST_CASE("UTF-8 is checked against the rule of encoding, for every code point") {
  const auto encode = [](unsigned code, int bytes) {
    const auto tail = [code](unsigned shift) {
      return static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
    };
    if (bytes == 1) return std::string{static_cast<char>(code)};
    if (bytes == 2) return std::string{static_cast<char>(0xC0U | (code >> 6U)), tail(0)};
    if (bytes == 3) return std::string{static_cast<char>(0xE0U | (code >> 12U)), tail(6), tail(0)};
    return std::string{static_cast<char>(0xF0U | (code >> 18U)), tail(12), tail(6), tail(0)};
  };
  std::size_t wrong = 0;
  for (unsigned code = 0; code < 0x120000; ++code) {
    const int shortest = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    const bool legal = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    wrong += valid_utf8(encode(code, shortest)) != legal;
    if (shortest < 4) wrong += valid_utf8(encode(code, shortest + 1));
    if (shortest > 1) wrong += valid_utf8(encode(code, shortest).substr(0, 1));
    if (shortest > 2) wrong += valid_utf8(encode(code, shortest).substr(0, 2) + "a");
  }
  CHECK(wrong == 0);
  CHECK(valid_utf8("añ€𝄞"));
  CHECK_FALSE(valid_utf8("\xFF"));
  CHECK_FALSE(valid_utf8("a\x80"));
}
