#include "dataset/coarse_script.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "dataset/pair_reader.hpp"
#include "metric/code_points.hpp"

using namespace attune;

TEST_CASE("what meets four times is written as one letter, again and again") {
  const std::vector<std::string> names = {"ten", "ten one", "ten-two", "ten six", "x", "tx"};
  // t e meets 4 times, then 一 n or t 一; "teno", "tent" and "tens" once each.
  CHECK(coarse_script(names, 0) ==
        std::vector<std::string>{"丁", "丁one", "丁two", "丁six", "x", "tx"});
  const std::vector<std::string> other = coarse_script(names, 2);
  CHECK(other[0] == utf8(U"倁"));  // U+5001
  CHECK_THROWS_WITH_AS(coarse_script({"a b", "ab", "c"}, 0),
                       "coarse script: want names that differ in more than spaces and hyphens, "
                       "have 3 names of which some do not",
                       Error);
}

TEST_CASE("number names in a coarse script: short, still different, no pair of letters is left") {
  const auto read = [](const char* config) {
    return PairReaderRegistry::entries()
        .at("numbers")
        .make(Config::parse(config, "test"))
        ->read("");
  };
  const PairPool own = read("{}"), coarse = read(R"({"script": "coarse"})");
  check_pairs(coarse);
  REQUIRE(coarse.pairs() == own.pairs());
  const auto begin = coarse.language_begin();
  for (std::size_t l = 0; l < coarse.languages(); ++l) {
    CAPTURE(coarse.language_name[l]);
    std::set<std::string> different;
    std::map<std::u32string, int> met;
    double letters = 0, before = 0;
    for (std::uint32_t i = begin[l]; i < begin[l + 1]; ++i) {
      different.insert(coarse.target[i]);
      const std::u32string name = code_points(coarse.target[i]);
      letters += static_cast<double>(name.size());
      before += static_cast<double>(code_points(own.target[i]).size());
      for (std::size_t k = 1; k < name.size(); ++k)
        if (k < 2 || name[k] != name[k - 1] || name[k] != name[k - 2]) ++met[name.substr(k - 1, 2)];
    }
    CHECK(different.size() == 100);
    CHECK(letters <= 300);
    CHECK(letters <= before);
    for (const auto& [pair, times] : met) CHECK(times < 4);
  }
  CHECK(read(R"({"script": "coarse"})").target == coarse.target);
}
