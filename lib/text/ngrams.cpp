#include "text/ngrams.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {

std::vector<std::string> utf8_points(std::string_view text) {
  if (!valid_utf8(text)) throw Error("want UTF-8 text, have other bytes");
  std::vector<std::string> result;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0u) != 0x80u) result.emplace_back();
    result.back().push_back(c);
  }
  return result;
}

std::uint32_t fasttext_hash(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) {
    hash ^= static_cast<std::uint32_t>(static_cast<std::int32_t>(static_cast<signed char>(c)));
    hash *= 16777619u;
  }
  return hash;
}

std::vector<std::uint32_t> ngram_buckets(std::string_view word, std::size_t shortest,
                                         std::size_t longest, std::uint32_t buckets) {
  if (shortest == 0 || longest < shortest || buckets == 0)
    throw Error("ngrams: want 1 ≤ shortest ≤ longest and buckets");
  const std::vector<std::string> points = utf8_points("<" + std::string(word) + ">");
  std::vector<std::uint32_t> result;
  for (std::size_t begin = 0; begin < points.size(); ++begin) {
    std::string gram;
    for (std::size_t n = 1; n <= longest && begin + n <= points.size(); ++n) {
      gram += points[begin + n - 1];
      const bool edge = n == 1 && (begin == 0 || begin + 1 == points.size());
      if (n >= shortest && !edge) result.push_back(fasttext_hash(gram) % buckets);
    }
  }
  if (result.empty()) result.push_back(fasttext_hash("<" + std::string(word) + ">") % buckets);
  return result;
}

}  // namespace attune
