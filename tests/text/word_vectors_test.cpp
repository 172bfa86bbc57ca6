#include "text/word_vectors.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/output.hpp"
#include "base/scratch.hpp"

using namespace attune;

namespace {

// In pieces of `piece` bytes, as a file passes by.
WordVectors parse(
    const std::string& text, std::size_t piece = 5,
    const std::function<bool(const std::string&)>& wanted = [](const std::string&) {
      return true;
    }) {
  WordVectorParser parser("v.vec", wanted);
  for (std::size_t i = 0; i < text.size(); i += piece)
    parser.take(std::string_view(text).substr(i, piece));
  return parser.finish();
}

std::string message(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("fastText and GloVe files, whatever pieces they come in") {
  for (const std::size_t piece : {1, 2, 7, 1000}) {
    for (const std::string text : {"2 3\na 1 2 3 \nb -0.5 1e-2 0\n", "a 1 2 3\nb -0.5 1e-2 0"}) {
      const WordVectors v = parse(text, piece);
      CHECK(v.features == 3);
      REQUIRE(v.of.size() == 2);
      CHECK(v.of.at("a") == std::vector<float>{1, 2, 3});
      CHECK(v.of.at("b") == std::vector<float>{-0.5f, 0.01f, 0});
    }
  }
}

TEST_CASE("only what is wanted is kept, and of a word that stands twice the first") {
  const WordVectors v =
      parse("a 1 2\nb 3 4\na 5 6\n", 3, [](const std::string& word) { return word == "a"; });
  REQUIRE(v.of.size() == 1);
  CHECK(v.of.at("a") == std::vector<float>{1, 2});
}

TEST_CASE("words of GloVe files may have spaces in them") {
  CHECK(parse("a 1 2\n. . 3 4\n").of.at(". .") == std::vector<float>{3, 4});
}

TEST_CASE("wrong sizes, counts and numbers are errors that name the line") {
  CHECK(message("2 3\na 1 2 3\nb 1 2\n").find("line 3: want a word and 3 numbers") !=
        std::string::npos);
  CHECK(message("2 3\na 1 2 3 4\nb 1 2 3\n").find("line 2") != std::string::npos);
  CHECK(message("a 1 2\nb 1 2 3\n").find("line 2") != std::string::npos);
  CHECK(message("3 2\na 1 2\nb 1 2\n").find("want the 3 vectors") != std::string::npos);
  CHECK(message("1 2\na 1 2\nb 1 2\n").find("want the 1 vectors") != std::string::npos);
  CHECK(message("1 2\na 1 nan\n").find("finite") != std::string::npos);
  CHECK(message("1 2\na 1 1e99\n").find("finite") != std::string::npos);
  CHECK(message("1 2\n\xff 1 2\n").find("UTF-8") != std::string::npos);
  CHECK(message("").find("have none") != std::string::npos);
  CHECK(message("2 0\n").find("have 0") != std::string::npos);
  CHECK(message("hello\n").find("line 1") != std::string::npos);
  CHECK(message(std::string((1u << 20) + 1, 'a')).find("1 MiB") != std::string::npos);
}

TEST_CASE("a file is read and its hash told") {
  const Scratch folder;
  const std::string path = folder.path("v.vec"), text = "1 2\na 1 2\n";
  write_file(path, text);
  const WordVectors v = read_word_vectors(path, [](const std::string&) { return true; });
  CHECK(v.of.size() == 1);
  CHECK(v.hash == sha256(text));
  CHECK_THROWS_AS(read_word_vectors(folder.path("none"), [](const std::string&) { return true; }),
                  Error);
}
