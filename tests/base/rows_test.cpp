#include "base/rows.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/scratch.hpp"

using namespace attune;

TEST_CASE("rows come back as they were written, plain and compressed") {
  const Scratch scratch;
  const Rows rows{{"episode", "accuracy"}, {{"0", "0.95"}, {"1", ""}}, ""};
  const std::string text = format_rows(rows);
  CHECK(text == "episode\taccuracy\n0\t0.95\n1\t\n");
  for (const std::string& path :
       {scratch.put("x.tsv", text), scratch.put("x.tsv.gz", gzip(text))}) {
    const Rows read = read_rows(path);
    CHECK(read.columns == rows.columns);
    CHECK(read.lines == rows.lines);
    CHECK(read.origin == path);
  }
}

TEST_CASE("files joined by cat read as one") {
  const Rows rows = parse_rows("a\tb\n1\t2\na\tb\n3\t4\n", "x");
  CHECK(rows.lines == std::vector<std::vector<std::string>>{{"1", "2"}, {"3", "4"}});
}

TEST_CASE("columns are found by name, and a missing one names those known") {
  const Rows rows = parse_rows("a\tb\n", "x.tsv");
  CHECK(rows.column("b") == 1);
  CHECK(rows.has("a"));
  CHECK_FALSE(rows.has("c"));
  CHECK(rows.lines.empty());
  CHECK(message_of<Error>([&] { rows.column("c"); }) == "x.tsv: want column \"c\", have a, b");
}

TEST_CASE("ragged, cut and empty files are refused with file and line") {
  CHECK(message_of<Error>([] { parse_rows("a\tb\n1\t2\n3\n", "x.tsv"); }) ==
        "x.tsv: line 3: want 2 fields, have 1");
  CHECK_THROWS_AS(parse_rows("a\tb\n1\t2\n\n", "x"), Error);
  CHECK_THROWS_AS(parse_rows("a\tb\n1\t2", "x"), Error);
  CHECK_THROWS_AS(parse_rows("", "x"), Error);
  CHECK(message_of<Error>([] { parse_rows("a\tb\n1\t\xff\n", "x.tsv"); }) ==
        "x.tsv: want UTF-8, have other bytes");
}

TEST_CASE("what a table of text can't hold is refused when written") {
  CHECK_THROWS_AS(format_rows({{"a"}, {{"x\ty"}}, ""}), Error);
  CHECK_THROWS_AS(format_rows({{"a"}, {{"x\ny"}}, ""}), Error);
  CHECK_THROWS_AS(format_rows({{"a", "b"}, {{"x"}}, ""}), Error);
}
