#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// The code points of a text, each as its UTF-8 bytes. Error for bytes that are not UTF-8.
std::vector<std::string> utf8_points(std::string_view text);

// Which of `buckets` each character n-gram of "<word>" falls into, for all lengths from `shortest`
// to `longest` code points, the n-grams "<" and ">" alone left out: a word's spelling, so that a
// word never seen still means something (Bojanowski et al. 2017, §3.2). A word that is shorter than
// all of them, as the empty one of a text without tokens is, is one n-gram itself. FNV-1a, 32 bits,
// of the bytes as signed numbers, as fastText's. Error unless 1 ≤ shortest ≤ longest and buckets
// ≥ 1.
std::vector<std::uint32_t> ngram_buckets(std::string_view word, std::size_t shortest,
                                         std::size_t longest, std::uint32_t buckets);

std::uint32_t fasttext_hash(std::string_view text);

}  // namespace attune
