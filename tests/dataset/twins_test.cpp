#include "dataset/twins.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace attune;

namespace {

using Lines = std::vector<std::string>;

// Classes a, b, c … of the values given, one number an example.
Pool features(const std::vector<std::vector<float>>& classes,
              const std::vector<std::uint32_t>& split) {
  Pool pool;
  pool.example_shape = {1};
  pool.class_split = split;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    pool.class_name.emplace_back(1, static_cast<char>('a' + c));
    pool.class_of_origin.push_back(static_cast<std::uint32_t>(c));
    pool.y.insert(pool.y.end(), classes[c].size(), static_cast<std::uint32_t>(c));
    pool.features.insert(pool.features.end(), classes[c].begin(), classes[c].end());
  }
  pool.group.assign(pool.y.size(), 0);
  check_pool(pool);
  return pool;
}

// "language source target" for each pair; a language's first letter is its split.
PairPool pairs(const std::vector<std::vector<std::string>>& rows) {
  PairPool pool;
  for (const auto& row : rows) {
    if (pool.language_name.empty() || pool.language_name.back() != row[0]) {
      pool.language_name.push_back(row[0]);
      pool.language_split.push_back(static_cast<std::uint32_t>(row[0][0] - '0'));
      pool.language_group.push_back(static_cast<std::uint32_t>(pool.language_group.size()));
    }
    const auto known = std::find(pool.source.begin(), pool.source.end(), row[1]);
    pool.source_of.push_back(static_cast<std::uint32_t>(known - pool.source.begin()));
    if (known == pool.source.end()) pool.source.push_back(row[1]);
    pool.language.push_back(static_cast<std::uint32_t>(pool.languages() - 1));
    pool.target.push_back(row[2]);
  }
  pool.held_out.assign(pool.source.size(), 0);
  check_pairs(pool);
  return pool;
}

}  // namespace

TEST_CASE("a pool of different examples is not spoken of") {
  CHECK(twin_warnings(features({{1, 2}, {3, 4}, {5, 6}}, {0, 1, 2})).empty());
  // Some examples again in their own class are no more than that.
  CHECK(twin_warnings(features({{1, 1, 2}, {3, 4}}, {0, 2})).empty());
  // One example can't repeat itself.
  CHECK(twin_warnings(features({{1}, {2}}, {0, 2})).empty());
}

TEST_CASE("examples of a split that stand in an earlier one are counted there, and named") {
  const Pool pool = features({{1, 2}, {3, 4}, {2, 5, 3, 2, 1}}, {0, 1, 2});
  CHECK(twin_warnings(pool) ==
        Lines{"3 of 5 test examples stand in train too, e.g. c example 5 = a example 1, "
              "c example 1 = a example 2, …; "
              "1 of 5 test examples stand in val too, e.g. c example 3 = b example 1"});
}

TEST_CASE("no more than two twins are named") {
  const Lines lines = twin_warnings(features({{1, 2, 3, 4}, {1, 2, 3, 4}}, {0, 1}));
  CHECK(lines == Lines{"4 of 4 val examples stand in train too, e.g. b example 1 = a example 1, "
                       "b example 2 = a example 2, …"});
}

TEST_CASE("an example in two classes of one split is told, but for classes made from one another") {
  Pool pool = features({{1, 2}, {2, 3}, {9, 8}}, {0, 0, 2});
  CHECK(twin_warnings(pool) == Lines{"2 of 6 examples stand in two classes of one split, e.g. "
                                     "b example 1 = a example 2"});
  pool.class_of_origin[1] = 0;
  CHECK(twin_warnings(pool).empty());
}

TEST_CASE("classes of one example again and again are told") {
  CHECK(twin_warnings(features({{1, 2}, {3, 3, 3}, {4, 4}, {5, 5, 6}}, {0, 0, 1, 2})) ==
        Lines{"2 of 4 classes hold one example again and again, e.g. b, c"});
}

TEST_CASE("zero and minus zero are one number; numbers are compared whole") {
  CHECK(twin_warnings(features({{0.0F, 1}, {-0.0F, 2}}, {0, 2})).size() == 1);
  Pool wide = features({{1, 2, 3, 4}, {1, 5, 3, 5}}, {0, 2});
  wide.example_shape = {2};
  wide.y = {0, 0, 1, 1};
  wide.group.assign(4, 0);
  check_pool(wide);
  CHECK(twin_warnings(wide).empty());
}

TEST_CASE("images are compared by their bytes") {
  Pool pool;
  pool.example_shape = {1, 1, 2};
  pool.pixels = {1, 2, 3, 4, 5, 6, 3, 4};
  pool.y = {0, 0, 1, 1};
  pool.group.assign(4, 0);
  pool.class_name = {"a", "b"};
  pool.class_split = {0, 2};
  pool.class_of_origin = {0, 1};
  check_pool(pool);
  CHECK(twin_warnings(pool) ==
        Lines{"1 of 2 test examples stand in train too, e.g. b example 2 = a example 2"});
}

TEST_CASE("texts are equal when their tokens and marks are, whatever they were before") {
  Pool pool;
  pool.example_shape = {1, 2};
  pool.tokens.word = {"far", "near", "so"};
  pool.tokens.token = {2, 0, 2, 1, 2, 0, 2};
  pool.tokens.begin = {0, 2, 4, 6, 7};
  pool.tokens.text = {"So far", "so near", "so FAR", "so"};
  pool.y = {0, 0, 1, 1};
  pool.group.assign(4, 0);
  pool.class_name = {"a", "b"};
  pool.class_split = {0, 2};
  pool.class_of_origin = {0, 1};
  check_pool(pool);
  CHECK(
      twin_warnings(pool) ==
      Lines{"1 of 2 test examples stand in train too, e.g. b example 1 = a example 1 \"so FAR\""});
  pool.example_shape = {2, 2};
  pool.tokens.mark = {0, 1, 0, 1, 1, 0, 0};
  check_pool(pool);
  CHECK(twin_warnings(pool).empty());
}

TEST_CASE("languages that share a tenth of their pairs with earlier splits are told") {
  const PairPool pool = pairs({{"0a", "one", "un"},
                               {"0a", "two", "deux"},
                               {"1b", "one", "un"},
                               {"1b", "two", "due"},
                               {"1b", "six", "sei"},
                               {"2c", "one", "un"},
                               {"2c", "six", "sei"},
                               {"2d", "one", "uno"},
                               {"2d", "two", "deux"},
                               {"2e", "two", "un"},
                               {"2e", "six", "s"}});
  CHECK(twin_warnings(pool) ==
        Lines{"2 of 3 test languages have a tenth of their pairs or more in train or val too, e.g. "
              "2c 2 of 2 (2c pair 1 = 0a pair 1), 2d 1 of 2 (2d pair 2 = 0a pair 2); "
              "1 of 1 val languages have a tenth of their pairs or more in train too, e.g. "
              "1b 1 of 3 (1b pair 1 = 0a pair 1)"});
}

TEST_CASE("languages of one split may be alike") {
  CHECK(twin_warnings(pairs({{"0a", "one", "un"}, {"0b", "one", "un"}, {"2c", "one", "uno"}}))
            .empty());
  CHECK(twin_warnings(pairs({{"0a", "one", "un"}, {"1b", "one", "un"}})) ==
        Lines{"1 of 1 val languages have a tenth of their pairs or more in train too, e.g. "
              "1b 1 of 1 (1b pair 1 = 0a pair 1)"});
}

TEST_CASE("a word or two that languages share by right is not spoken of") {
  std::vector<std::vector<std::string>> rows = {{"0a", "ok", "ok"}, {"2b", "ok", "ok"}};
  for (int i = 0; i < 9; ++i) rows.push_back({"2b", std::to_string(i), "b" + std::to_string(i)});
  CHECK(twin_warnings(pairs(rows)).size() == 1);
  rows.push_back({"2b", "ten", "bten"});
  CHECK(twin_warnings(pairs(rows)).empty());
}
