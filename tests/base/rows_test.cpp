#include "base/rows.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
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

namespace {

const Rows kSealed{
    {"episode", "accuracy", "bits"}, {{"0", "0.95", "avx2"}, {"1", "1", "avx2"}}, "", {}};

std::string refusal(const std::string& text) {
  return message_of<Error>([&] { parse_rows(text, "x.tsv"); });
}

}  // namespace

TEST_CASE("sealed rows come back with their seals, also when several are joined") {
  std::string seal;
  const std::string text = seal_rows(kSealed, seal);
  CHECK(text.ends_with("#end rows=2 sha256=" + seal + "\n"));
  CHECK(seal == sha256(format_rows(kSealed)));
  const Rows once = parse_rows(text, "x"), twice = parse_rows(text + text, "x");
  CHECK(once.lines == kSealed.lines);
  CHECK(once.seals == std::vector<std::string>{seal});
  CHECK(twice.lines.size() == 4);
  CHECK(twice.seals == std::vector<std::string>{seal, seal});
  Rows none = kSealed;
  none.lines.clear();
  CHECK(parse_rows(seal_rows(none, seal), "x").lines.empty());
}

TEST_CASE("rows that were cut, edited, put together or stripped of their end are refused") {
  std::string seal;
  const std::string text = seal_rows(kSealed, seal);
  for (std::size_t cut = text.find('\n') + 1; cut < text.size(); ++cut) {
    CHECK_THROWS_AS(parse_rows(text.substr(0, cut), "x"), Error);
  }
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    std::string edited = text;
    edited[at] = edited[at] == '7' ? '8' : '7';
    CHECK_THROWS_AS(parse_rows(edited, "x"), Error);
  }
  const std::string end = text.substr(text.find("#end"));
  CHECK(refusal(format_rows(kSealed)).find("the file was cut short or edited") !=
        std::string::npos);
  CHECK(refusal(text + "2\t1\tavx2\n").find("have none") != std::string::npos);
  CHECK_THROWS_AS(parse_rows(text + end, "x"), Error);
  CHECK_THROWS_AS(parse_rows("2\t1\tavx2\n" + text, "x"), Error);
  // Rows without the column never had an end line.
  CHECK(parse_rows("episode\taccuracy\n0\t1\n", "x").seals.empty());
}

TEST_CASE("few bytes can't ask for much memory or a long message") {
  const std::string tabs(50'000'000, '\t');
  CHECK(refusal(tabs + "\n") == "x.tsv: line 1: want at most 1024 fields, have 50000001");
  std::string wide = "a";
  for (int i = 0; i < 1000; ++i) wide += "\ta";
  std::string text;
  for (int i = 0; i < 17000; ++i) text += (i ? "\n" : "") + wide + (i ? "b" : "");
  CHECK(refusal(text + "\n").find("want at most 16777216 fields, have more") != std::string::npos);
}
