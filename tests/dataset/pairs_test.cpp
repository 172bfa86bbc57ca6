#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/output.hpp"
#include "dataset/pair_reader.hpp"
#include "store/temporary.hpp"

using namespace attune;

namespace {

PairPool read(const Temporary& folder, const std::string& config) {
  const Config node = Config::parse(config, "test");
  return PairReaderRegistry::entries().at("pairs").make(node)->read(folder / "in");
}

constexpr const char* kLists = R"("split": "lists", "train_list": ")";

// Settings whose lists put `aa` and `bb` into train and `cc` into test.
std::string listed(const Temporary& folder, const std::string& more = "") {
  write_file(folder / "train.txt", "aa\nbb\n");
  write_file(folder / "test.txt", "cc\n");
  return std::string("{") + kLists + (folder / "train.txt") + R"(", "test_list": ")" +
         (folder / "test.txt") + '"' + more + "}";
}

}  // namespace

TEST_CASE("a file of two columns for each language") {
  const Temporary folder;
  make_folders(folder / "in");
  write_file(folder / "in/aa.tsv", "one\tun\ntwo\tde\u00adux\none\tune\n \tnothing\n");
  write_file(folder / "in/bb.tsv", "two\tdue\nthree\ttre\n");
  write_file(folder / "in/cc.tsv", "three\tdrei\none\teins\n");
  write_file(folder / "in/readme.txt", "no pairs");
  const PairPool pool = read(folder, listed(folder));
  check_pairs(pool);
  CHECK(pool.language_name == std::vector<std::string>{"aa", "bb", "cc"});
  CHECK(pool.language_split == std::vector<std::uint32_t>{0, 0, 2});
  CHECK(pool.source == std::vector<std::string>{"one", "two", "three"});
  // A source again, or without a side, is passed over.
  CHECK(pool.target == std::vector<std::string>{"un", "deux", "due", "tre", "drei", "eins"});
  CHECK(pool.source_of == std::vector<std::uint32_t>{0, 1, 1, 2, 2, 0});
  CHECK(pool.held_out == std::vector<std::uint8_t>{0, 0, 0});
  write_file(folder / "in/bb.tsv", "two\tdue\nthree\n");
  CHECK_THROWS_WITH_AS(read(folder, listed(folder)),
                       doctest::Contains("bb.tsv: line 2: want source, tab and target, have 1"),
                       Error);
}

TEST_CASE("two aligned files for each language, whose name may stand twice in theirs") {
  const Temporary folder;
  make_folders(folder / "in");
  for (const std::string language : {"aa", "bb", "cc"}) {
    write_file(folder / ("in/x." + language + "-eng.eng"), "one\ntwo\nthree\nfour\n");
    write_file(folder / ("in/x." + language + "-eng." + language),
               language + " 1\n" + language + " 2\n" + language + " 3\n" + language + " 4\n");
  }
  const std::string files = R"(, "layout": "aligned", "source_file": "x.{language}-eng.eng",)"
                            R"( "target_file": "x.{language}-eng.{language}", "held_out": 0.5)";
  const PairPool pool = read(folder, listed(folder, files));
  check_pairs(pool);
  CHECK(pool.pairs() == 12);
  CHECK(pool.target[6] == "bb 3");
  CHECK(pool.source_text(6) == "three");
  CHECK(pool.held_out[0] + pool.held_out[1] + pool.held_out[2] + pool.held_out[3] == 2);
  write_file(folder / "in/x.bb-eng.bb", "bb 1\n");
  CHECK_THROWS_WITH_AS(read(folder, listed(folder, files)),
                       doctest::Contains("x.bb-eng.bb: want 4 lines"), Error);
}

TEST_CASE("what is no pattern or no file is told") {
  const Temporary folder;
  make_folders(folder / "in");
  CHECK_THROWS_WITH_AS(read(folder, "{}"),
                       doctest::Contains("want files called {language}.tsv, have none"), Error);
  CHECK_THROWS_WITH_AS(read(folder, R"({"file": "pairs.tsv"})"),
                       doctest::Contains("want a name with {language} in it"), UsageError);
}
