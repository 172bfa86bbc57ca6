#include "translator/sentence_tokens.hpp"

#include <doctest/doctest.h>

#include "translation/tiny_pairs.hpp"

using namespace attune;

namespace {

PairPool spoken() {
  PairPool pool = tiny_pairs(1);
  pool.source = {"Forty-two, please"};
  pool.target = {"дѷĕ x", "a", "\xF0\x90\x8D\x88z", "b c b", "d"};
  return pool;
}

std::vector<std::string> words_of(const SentenceTokens& tokens, std::uint32_t sentence) {
  std::vector<std::string> words;
  for (const std::uint32_t word : tokens.source_of(sentence)) words.push_back(tokens.word[word]);
  return words;
}

}  // namespace

TEST_CASE("targets are cut into code points, which joined are the target again") {
  const PairPool pool = spoken();
  const SentenceTokens tokens = SentenceTokeniser(Config())(pool);
  for (std::uint32_t pair = 0; pair < pool.pairs(); ++pair)
    CHECK(tokens.text(tokens.target_of(pair)) == pool.target[pair]);
  CHECK(tokens.target_of(0).size() == 5);
  CHECK(tokens.target_of(2).size() == 2);
  CHECK(tokens.target_of(3)[0] == tokens.target_of(3)[4]);
  CHECK(tokens.target_of(3)[0] != tokens.target_of(3)[2]);
}

TEST_CASE("targets are cut at spaces and joined by them") {
  const PairPool pool = spoken();
  const SentenceTokens tokens =
      SentenceTokeniser(Config::parse(R"({"target": {"break": "spaces"}})", "test"))(pool);
  CHECK(tokens.target_of(3).size() == 3);
  CHECK(tokens.target_of(0).size() == 2);
  for (std::uint32_t pair = 0; pair < pool.pairs(); ++pair)
    CHECK(tokens.text(tokens.target_of(pair)) == pool.target[pair]);
}

TEST_CASE("sources are cut as their configuration says, and their words are those of a split") {
  PairPool pool = spoken();
  const auto cut = [&](const std::string& config) {
    return SentenceTokeniser(Config::parse(config, "test"))(pool);
  };
  CHECK(words_of(cut("{}"), 0).size() == 17);
  const auto words = words_of(cut(R"({"source": {"break": "words", "fold": true}})"), 0);
  CHECK(words == std::vector<std::string>{"forty", "-", "two", ",", "please"});
  pool = tiny_pairs(2);
  pool.source = {"one two", "three two"};
  pool.language = {0, 1, 2, 3, 4, 4};
  pool.source_of = {0, 0, 0, 0, 0, 1};
  pool.target.assign(6, "x");
  const SentenceTokens tokens = cut(R"({"source": {"break": "words"}})");
  const Vocabulary known = source_vocabulary(pool, tokens, "train+val");
  CHECK(known.size() == 2);
  CHECK(known.find("two").has_value());
  CHECK(!known.find("three").has_value());
}
