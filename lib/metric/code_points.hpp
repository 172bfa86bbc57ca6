#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace attune {

// Code points of UTF-8. Error for other bytes.
std::u32string code_points(std::string_view text);
std::string utf8(std::u32string_view points);  // and back
// White space as Python's str.split() has it, which sacreBLEU's definitions rest on.
bool is_space(char32_t letter);

// Fewest insertions, deletions and substitutions of one code point that make b of a (Levenshtein).
std::size_t edit_distance(std::u32string_view a, std::u32string_view b);
// 1 − distance / length of the longer; 1 for two empty strings.
double edit_similarity(std::u32string_view a, std::u32string_view b);

// Fraction of the answers that equal their references byte for byte. Error when the numbers differ
// or there are none. Whoever wants forms of Unicode made one does so before.
double exact_match(std::span<const std::string> answers, std::span<const std::string> references);

// Character error rate of a corpus: edits summed over sentences by the references' length, both in
// code points. May exceed 1.
class CharacterErrors {
 public:
  void add(std::string_view answer, std::string_view reference);
  double rate() const;  // Error when all references are empty

 private:
  std::size_t edits_ = 0, letters_ = 0;
};

}  // namespace attune
