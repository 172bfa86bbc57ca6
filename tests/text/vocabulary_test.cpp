#include "text/vocabulary.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"

using namespace attune;

namespace {

// Texts "b a b", "a", "c b", "d".
const std::vector<std::string> kWord{"a", "b", "c", "d"};
const std::vector<std::uint32_t> kBegin{0, 3, 4, 6, 7}, kToken{1, 0, 1, 0, 2, 1, 3};

Vocabulary of(const std::vector<std::uint32_t>& rows, std::uint32_t least = 1) {
  return Vocabulary::of({kWord, kBegin, kToken}, rows, least);
}

}  // namespace

TEST_CASE("a vocabulary holds the words of its examples alone, the most frequent first") {
  const Vocabulary v = of({0, 1, 2});
  CHECK(v.words() == std::vector<std::string>{"a", "b", "c"});
  CHECK(v.examples() == std::vector<std::uint32_t>{2, 2, 1});
  CHECK(v.occurrences() == std::vector<std::uint32_t>{2, 3, 1});
  CHECK(v.total_examples() == 3);
  CHECK(v.total_tokens() == 6);
  CHECK(!v.find("d"));
  CHECK(v.find("b") == 1u);
  CHECK(of({0, 1, 2}, 2).size() == 2);
}

TEST_CASE("rarer words weigh more, unknown ones most") {
  const Vocabulary v = of({0, 1, 2});
  CHECK(v.inverse_document_frequency(v.find("a")) == doctest::Approx(std::log(4.0 / 3) + 1));
  CHECK(v.inverse_document_frequency(v.find("c")) == doctest::Approx(std::log(4.0 / 2) + 1));
  CHECK(v.inverse_document_frequency(std::nullopt) == doctest::Approx(std::log(4.0) + 1));
  CHECK(v.probability(v.find("b")) == doctest::Approx(0.5));
  CHECK(v.probability(std::nullopt) == 0);
}

TEST_CASE("words that were seen in no example can be added, once") {
  Vocabulary v = of({0});
  v.add(std::vector<std::string>{"z", "a", "z"});
  CHECK(v.size() == 3);
  CHECK(v.examples().back() == 0);
  CHECK(v.inverse_document_frequency(v.find("z")) ==
        doctest::Approx(v.inverse_document_frequency(std::nullopt)));
}

TEST_CASE("a vocabulary that contradicts itself is refused") {
  CHECK_THROWS_AS(Vocabulary({"a", "a"}, {1, 1}, {1, 1}, 2, 2), Error);
  CHECK_THROWS_AS(Vocabulary({"a"}, {1, 1}, {1}, 2, 2), Error);
  CHECK_THROWS_AS(Vocabulary({"a"}, {3}, {3}, 2, 9), Error);
}
