#include "text/ngrams.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"

using namespace attune;

namespace {

std::uint32_t bucket(const std::string& gram, std::uint32_t buckets) {
  return fasttext_hash(gram) % buckets;
}

}  // namespace

TEST_CASE("the hash is FNV-1a of signed bytes") {
  CHECK(fasttext_hash("") == 2166136261u);
  CHECK(fasttext_hash("a") == 0xe40c292cu);  // the published FNV-1a test vectors
  CHECK(fasttext_hash("foobar") == 0xbf9cf968u);
  // A byte above 127 is extended with its sign, unlike in FNV-1a.
  CHECK(fasttext_hash("\xc3") == (2166136261u ^ 0xffffffc3u) * 16777619u);
}

TEST_CASE("n-grams of a word with its ends") {
  const auto found = ngram_buckets("ab", 1, 3, 1u << 20);
  std::vector<std::uint32_t> wanted;
  for (const char* gram : {"<a", "<ab", "a", "ab", "ab>", "b", "b>"})
    wanted.push_back(bucket(gram, 1u << 20));
  CHECK(found == wanted);
}

TEST_CASE("code points, not bytes, are counted") {
  const auto found = ngram_buckets("\u00e9", 3, 3, 1000);
  CHECK(found == std::vector<std::uint32_t>{bucket("<\u00e9>", 1000)});
  CHECK(utf8_points("a\u00e9\u4e2d").size() == 3);
  CHECK(utf8_points("").empty());
  CHECK_THROWS_AS(utf8_points("\xff"), Error);
}

TEST_CASE("alike words share n-grams") {
  const auto a = ngram_buckets("balance", 3, 5, 1u << 20);
  const auto b = ngram_buckets("balances", 3, 5, 1u << 20);
  const auto shared = std::count_if(
      a.begin(), a.end(), [&](auto x) { return std::find(b.begin(), b.end(), x) != b.end(); });
  CHECK(shared >= 15);
  CHECK(ngram_buckets("", 3, 5, 8) == std::vector<std::uint32_t>{bucket("<>", 8)});
  CHECK(ngram_buckets("ab", 5, 6, 1u << 20) ==
        std::vector<std::uint32_t>{bucket("<ab>", 1u << 20)});
  CHECK_THROWS_AS(ngram_buckets("a", 3, 2, 8), Error);
}
