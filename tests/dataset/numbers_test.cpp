#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "base/error.hpp"
#include "base/splits.hpp"
#include "dataset/number_names.hpp"
#include "dataset/pair_reader.hpp"

using namespace attune;

namespace {

PairPool numbers(const std::string& config = "{}") {
  const Config node = Config::parse(config, "test");
  return PairReaderRegistry::entries().at("numbers").make(node)->read("");
}

std::uint32_t place(const PairPool& pool, const std::string& language) {
  const auto found = std::ranges::find(pool.language_name, language);
  REQUIRE(found != pool.language_name.end());
  return static_cast<std::uint32_t>(found - pool.language_name.begin());
}

std::string target(const PairPool& pool, const std::string& language, const std::string& source) {
  const std::uint32_t l = place(pool, language);
  for (std::uint32_t i = pool.language_begin()[l]; i < pool.language_begin()[l + 1]; ++i)
    if (pool.source_text(i) == source) return pool.target[i];
  return "none";
}

// Languages that share a group, by the group's first.
std::map<std::string, std::set<std::string>> groups(const PairPool& pool) {
  std::map<std::string, std::set<std::string>> all;
  for (std::size_t l = 0; l < pool.languages(); ++l)
    all[pool.language_name[pool.language_group[l]]].insert(pool.language_name[l]);
  std::erase_if(all, [](const auto& entry) { return entry.second.size() == 1; });
  return all;
}

}  // namespace

TEST_CASE("names of 0 to 99 in 75 languages, 45 to train, 8 to validate, 22 to test") {
  const PairPool pool = numbers();
  check_pairs(pool);
  CHECK(pool.languages() == 75);
  CHECK(pool.source.size() == 100);
  CHECK(pool.pairs() == 7500);
  CHECK(places_of_split(pool.language_split, "train").size() == 45);
  CHECK(places_of_split(pool.language_split, "val").size() == 8);
  CHECK(places_of_split(pool.language_split, "test").size() == 22);
  CHECK(pool.source[21] == "twenty-one");
  CHECK(target(pool, "de", "twenty-one") == "einundzwanzig");  // without its soft hyphens
  CHECK(target(pool, "fr", "ninety-nine") == "quatre-vingt-dix-neuf");
  CHECK(target(pool, "zh", "forty-two") == "四十二");
  CHECK(target(pool, "th", "twenty-one") == "ยี่สิบเอ็ด");  // without zero-width spaces
  CHECK(std::accumulate(pool.held_out.begin(), pool.held_out.end(), 0) == 20);
}

TEST_CASE("no two languages of different splits are alike") {
  PairPool pool = numbers();
  const std::vector<AlikePair> all = all_likenesses(pool);
  const AlikePair most = most_alike_across_splits(pool, all);
  CAPTURE(pool.language_name[most.a]);
  CAPTURE(pool.language_name[most.b]);
  CHECK(most.likeness < 0.30);
  CHECK(most.likeness > 0.20);  // or nothing was compared
  // The gate sees what it must: Norwegian's two forms apart.
  pool.language_split[place(pool, "nn")] = 2;
  CHECK(most_alike_across_splits(pool, all).likeness > 0.9);
}

TEST_CASE("languages that are nearly the same are one group") {
  const auto found = groups(numbers());
  const std::map<std::string, std::set<std::string>> wanted = {{"nb", {"nb", "nn"}},
                                                               {"zh", {"ja", "yue", "zh"}},
                                                               {"id", {"id", "ms"}},
                                                               {"bs", {"bs", "hr"}},
                                                               {"mk", {"mk", "sr"}}};
  CHECK(found == wanted);
}

TEST_CASE("larger numbers and ordinals") {
  const PairPool hundreds = numbers(R"({"largest": 999})");
  check_pairs(hundreds);
  CHECK(hundreds.languages() == 75);
  CHECK(hundreds.pairs() == 75000);
  CHECK(target(hundreds, "sv", "nine hundred ninety-nine") == "niohundranittionio");
  const PairPool ordinals = numbers(R"({"rules": "ordinal"})");
  check_pairs(ordinals);
  CHECK(ordinals.languages() > 40);
  CHECK(target(ordinals, "sv", "twenty-first") == "tjugoförsta");
  CHECK_FALSE(number_names("ak", NumberRules::ordinal, 9) ==
              number_names("ak", NumberRules::cardinal, 9));
}

TEST_CASE("digits stand for the English name where they are asked for") {
  const PairPool pool = numbers(R"({"source": "digits"})"), english = numbers();
  check_pairs(pool);
  CHECK(pool.source[21] == "21");
  CHECK(pool.target == english.target);
  CHECK(pool.title != english.title);
}

TEST_CASE("place values stand for the English name where they are asked for") {
  const PairPool pool = numbers(R"({"source": "places", "largest": 999})");
  for (const auto& [number, name] : std::map<std::size_t, std::string>{{0, "0"},
                                                                       {7, "7"},
                                                                       {17, "10 7"},
                                                                       {40, "40"},
                                                                       {300, "300"},
                                                                       {321, "300 20 1"},
                                                                       {909, "900 9"}})
    CHECK(pool.source[number] == name);
  CHECK(std::set<std::string>(pool.source.begin(), pool.source.end()).size() == 1000);
  CHECK(pool.target == numbers(R"({"largest": 999})").target);
}

TEST_CASE("what is held out hangs on the seed alone") {
  CHECK(numbers().held_out == numbers().held_out);
  CHECK(numbers().held_out != numbers(R"({"seed": 1})").held_out);
  CHECK_THROWS_AS(numbers(R"({"largest": 5})"), UsageError);
}
