#include "metric/code_points.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {

std::u32string code_points(std::string_view text) {
  if (!valid_utf8(text)) throw Error("sequence: want UTF-8, have other bytes");
  std::u32string points;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const unsigned mask = length == 1 ? 0x7Fu : 0xFFu >> (length + 1);
    char32_t point = lead & mask;
    for (std::size_t k = 1; k < length; ++k)
      point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    points.push_back(point);
    i += length;
  }
  return points;
}

std::string utf8(std::u32string_view points) {
  std::string text;
  for (const char32_t point : points) {
    const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
    if (point < 0x80) {
      put(point);
      continue;
    }
    const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    put((more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0) | (point >> (6 * more)));
    for (int k = more - 1; k >= 0; --k) put(0x80 | ((point >> (6 * k)) & 0x3F));
  }
  return text;
}

bool is_space(char32_t letter) {
  return (letter >= 0x09 && letter <= 0x0D) || (letter >= 0x1C && letter <= 0x20) ||
         letter == 0x85 || letter == 0xA0 || letter == 0x1680 ||
         (letter >= 0x2000 && letter <= 0x200A) || letter == 0x2028 || letter == 0x2029 ||
         letter == 0x202F || letter == 0x205F || letter == 0x3000;
}

std::size_t edit_distance(std::u32string_view a, std::u32string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j + 1] + 1, row[j] + 1});
    }
  }
  return row.back();
}

double edit_similarity(std::u32string_view a, std::u32string_view b) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer == 0) return 1;
  return 1 - static_cast<double>(edit_distance(a, b)) / static_cast<double>(longer);
}

double exact_match(std::span<const std::string> answers, std::span<const std::string> references) {
  if (answers.empty() || answers.size() != references.size())
    throw Error("exact match: want as many answers as references and at least one, have " +
                std::to_string(answers.size()) + " and " + std::to_string(references.size()));
  std::size_t equal = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) equal += answers[i] == references[i] ? 1 : 0;
  return static_cast<double>(equal) / static_cast<double>(answers.size());
}

void CharacterErrors::add(std::string_view answer, std::string_view reference) {
  const std::u32string wanted = code_points(reference);
  edits_ += edit_distance(code_points(answer), wanted);
  letters_ += wanted.size();
}

double CharacterErrors::rate() const {
  if (letters_ == 0) throw Error("character error rate: want references with letters, have none");
  return static_cast<double>(edits_) / static_cast<double>(letters_);
}

}  // namespace attune
