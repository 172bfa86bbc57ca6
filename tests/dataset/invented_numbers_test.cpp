#include "dataset/invented_numbers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/splits.hpp"
#include "dataset/pair_reader.hpp"
#include "translation/proportion.hpp"

using namespace attune;

namespace {

std::vector<std::string> language(std::uint64_t number, int largest = 99) {
  return invented_numbers(largest, Rng(5, "test").at(0, number));
}

std::u32string wide(const std::string& text) { return {text.begin(), text.end()}; }

PairPool numbers(const std::string& config) {
  return PairReaderRegistry::entries().at("numbers").make(Config::parse(config, "test"))->read("");
}

// Share of `count` languages in which the names of a : b :: c : x are in proportion.
double share_in_proportion(std::size_t count, std::size_t a, std::size_t b, std::size_t c,
                           std::size_t x) {
  double all = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto names = language(i);
    all += solve_proportion(wide(names[a]), wide(names[b]), wide(names[c])) == wide(names[x]);
  }
  return all / static_cast<double>(count);
}

}  // namespace

TEST_CASE("every number of an invented language has a name of its own") {
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto names = language(i, i % 10 == 0 ? 999 : 99);
    CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
    for (const std::string& name : names) CHECK_FALSE(name.empty());
  }
  CHECK(language(3) == language(3));
  CHECK(language(3) != language(4));
  // Larger numbers change nothing about smaller ones.
  const auto small = language(8), large = language(8, 999);
  CHECK(std::equal(small.begin(), small.end(), large.begin()));
}

TEST_CASE("invented numbers are put together by rules, with exceptions, and not all by tens") {
  const double within = share_in_proportion(400, 42, 43, 62, 63);
  CHECK(within > 0.9);
  const double to_seventy = share_in_proportion(400, 42, 43, 72, 73);
  CHECK(to_seventy > 0.6);
  CHECK(to_seventy < within - 0.1);  // those that count by twenties
  const double ones = share_in_proportion(400, 42, 41, 62, 61);
  CHECK(ones > 0.85);
  // Teens are often another matter.
  CHECK(share_in_proportion(400, 42, 43, 12, 13) < 0.5);
  // What a part is called alone, it may be called otherwise within.
  double whole = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const auto names = language(i);
    whole += names[43].find(names[3]) != std::string::npos &&
             names[43].find(names[40]) != std::string::npos;
  }
  CHECK(whole > 400 * 0.4);
  CHECK(whole < 400 * 0.9);
}

TEST_CASE("invented languages are trained on beside the others, which stay as they are") {
  const PairPool plain = numbers("{}"), pool = numbers(R"({"invented": 30})");
  check_pairs(pool);
  CHECK(pool.languages() == 105);
  CHECK(places_of_split(pool.language_split, "train").size() == 75);
  CHECK(std::equal(plain.target.begin(), plain.target.end(), pool.target.begin()));
  CHECK(std::equal(plain.language_split.begin(), plain.language_split.end(),
                   pool.language_split.begin()));
  CHECK(pool.held_out == plain.held_out);
  CHECK(pool.language_name[75] == "invented-0");
  const AlikePair most = most_alike_across_splits(pool, all_likenesses(pool));
  CHECK(most.likeness < 0.30);
  CHECK(numbers(R"({"invented": 30, "seed": 1})").target.back() != pool.target.back());
  CHECK(plain.provenance.find("invented") == std::string::npos);
  CHECK(pool.provenance.find("\"invented\":30") != std::string::npos);
}

TEST_CASE("names of other numbers are not invented") {
  for (const char* config :
       {R"({"invented": 1, "rules": "ordinal"})", R"({"invented": 1, "largest": 1000})"})
    CHECK_THROWS_WITH_AS(numbers(config),
                         "test: invented: want cardinal numbers up to 999, have other numbers",
                         UsageError);
}
