#include "dataset/split.hpp"

#include <doctest/doctest.h>

#include <set>

#include "base/error.hpp"
#include "dataset/raw_files.hpp"

using namespace attune;
using namespace attune::testing;

namespace {

std::vector<std::string> many(std::size_t classes, std::size_t each = 2) {
  std::vector<std::string> label;
  for (std::size_t i = 0; i < classes * each; ++i)
    label.push_back("class " + std::to_string(100 + i % classes));
  return label;
}

ClassSplit make(const std::string& json) { return ClassSplit(Config::parse(json, "test.json")); }

DealtClasses deal(const std::string& json, const std::vector<std::string>& label) {
  return make(json).deal(label, "data");
}

std::size_t count(const DealtClasses& dealt, std::uint32_t split) {
  return static_cast<std::size_t>(std::count(dealt.split.begin(), dealt.split.end(), split));
}

}  // namespace

TEST_CASE("fractions deal every class to one split, in the shares asked for") {
  const std::vector<std::string> label = many(50, 3);
  const DealtClasses dealt = deal(R"({"fractions": [0.5, 0.2, 0.3]})", label);
  CHECK(count(dealt, 0) == 25);
  CHECK(count(dealt, 1) == 10);
  CHECK(count(dealt, 2) == 15);
  REQUIRE(dealt.name.size() == 50);
  CHECK(std::is_sorted(dealt.name.begin(), dealt.name.end()));
  std::set<std::size_t> rows;
  for (std::size_t c = 0; c < 50; ++c) {
    CHECK(dealt.rows[c].size() == 3);
    for (const std::size_t row : dealt.rows[c]) {
      CHECK(label[row] == dealt.name[c]);
      rows.insert(row);
    }
  }
  CHECK(rows.size() == 150);
}

TEST_CASE("the seed, and nothing else, decides which classes go where") {
  std::vector<std::string> label = many(30);
  const auto first = deal(R"({"seed": 1})", label).split;
  CHECK(deal(R"({"seed": 1})", label).split == first);
  CHECK(deal(R"({"seed": 2})", label).split != first);
  std::reverse(label.begin(), label.end());
  CHECK(deal(R"({"seed": 1})", label).split == first);
  CHECK(count(deal(R"({"fractions": [0, 0, 1]})", label), 2) == 30);
}

TEST_CASE("a split asked for but left without classes is an Error") {
  CHECK(contains(message_of([] { deal("{}", many(2)); }), "want classes for the split"));
  CHECK(deal("{}", many(3)).name.size() == 3);
  CHECK_THROWS_AS(make(R"({"fractions": [0.5, 0.5]})"), UsageError);
  CHECK_THROWS_AS(make(R"({"fractions": [0.5, 0.5, 0.5]})"), UsageError);
  CHECK_THROWS_AS(make(R"({"split": "random"})"), UsageError);
}

TEST_CASE("classes with too few examples are refused or skipped") {
  std::vector<std::string> label = many(10);
  label.push_back("alone");
  CHECK(contains(message_of([&] { deal("{}", label); }), "class alone: want at least 2 examples"));
  const DealtClasses dealt = deal(R"({"small_classes": "skip"})", label);
  CHECK(dealt.name.size() == 10);
  CHECK(dealt.skipped == std::vector<std::string>{"alone"});
  CHECK(contains(message_of([&] { deal(R"({"min_examples": 3})", label); }), "at least 3"));
}

TEST_CASE("lists deal the classes they name") {
  const TemporaryFolder folder;
  put(folder / "train.txt", std::string("b\r\n\n  a \n"));
  put(folder / "test.txt", std::string("c"));
  const std::string config = R"("split": "lists", "train_list": ")" + folder / "train.txt" +
                             R"(", "test_list": ")" + folder / "test.txt" + "\"";
  const std::vector<std::string> label = {"c", "a", "b", "a", "c", "b"};
  const DealtClasses dealt = deal("{" + config + "}", label);
  CHECK(dealt.name == std::vector<std::string>{"a", "b", "c"});
  CHECK(dealt.split == std::vector<std::uint32_t>{0, 0, 2});
  CHECK(dealt.rows[2] == std::vector<std::size_t>{0, 4});
  CHECK(!contains(make("{" + config + "}").describe(), folder.path()));

  const std::vector<std::string> more = {"c", "a", "b", "a", "c", "b", "d", "d"};
  CHECK(contains(message_of([&] { deal("{" + config + "}", more); }), "class d: want it in one"));
  const DealtClasses skipped = deal("{" + config + R"(, "unlisted": "skip"})", more);
  CHECK(skipped.name.size() == 3);
  CHECK(skipped.skipped == std::vector<std::string>{"d"});
  CHECK(contains(message_of([&] {
                   deal("{" + config + "}", {"a", "a", "b", "b"});
                 }),
                 "test.txt: c: want a class of data"));
  // A listed class that is too small is left out, not missing.
  const DealtClasses small =
      deal("{" + config + R"(, "small_classes": "skip"})", {"a", "a", "b", "b", "c"});
  CHECK(small.name.size() == 2);
}

TEST_CASE("lists that overlap, repeat or are empty are refused with file and line") {
  const TemporaryFolder folder;
  put(folder / "a.txt", std::string("one\ntwo\n"));
  put(folder / "b.txt", std::string("three\none\n"));
  put(folder / "twice.txt", std::string("x\ny\n\nx\n"));
  put(folder / "bytes.txt", std::string("fine\n\xff\n"));
  put(folder / "empty.txt", std::string("\n \n"));
  CHECK(contains(message_of([&] {
                   read_split_lists({folder / "a.txt", "", folder / "b.txt"});
                 }),
                 "one: want each class in one split, have it also in " + folder / "a.txt"));
  CHECK(contains(message_of([&] { read_class_list(folder / "twice.txt"); }), "line 4"));
  CHECK(contains(message_of([&] { read_class_list(folder / "bytes.txt"); }), "line 2"));
  CHECK(contains(message_of([&] { read_class_list(folder / "empty.txt"); }), "have none"));
  CHECK_THROWS_AS(make(R"({"split": "lists"})").deal({"a", "a"}, "t"), UsageError);
}

TEST_CASE("names that are one to Unicode are one class, in labels, lists and settings") {
  const std::string composed = "Caf\u00e9", decomposed = "Cafe\u0301";
  const std::vector<std::string> label = {composed, "z", decomposed, "z\u00a0"};
  const DealtClasses dealt = deal(
      R"({"split": "classes", "train_classes": [" )" + decomposed + R"("], "test_classes": ["z"]})",
      label);
  CHECK(dealt.name == std::vector<std::string>{composed, "z"});
  CHECK(dealt.rows == std::vector<std::vector<std::size_t>>{{0, 2}, {1, 3}});
  CHECK(dealt.split == std::vector<std::uint32_t>{0, 2});
  CHECK(parse_class_list(decomposed + "\r\n\u200b\n z\u00a0\n", "list") ==
        std::vector<std::string>{composed, "z"});
  CHECK(message_of([&] { parse_class_list(composed + "\n" + decomposed + "\n", "list"); }) ==
        "list: line 2: want each class once, have again " + composed);
}

TEST_CASE("a listed class that is not there comes with the nearest that is") {
  CHECK(message_of([] {
          deal(R"({"split": "classes", "test_classes": ["claas 101"], "unlisted": "skip"})",
               many(3));
        }) == "test_classes: claas 101: want a class of data, have none (did you mean class 101?)");
}
