#include "metric/bleu.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include "metric/code_points.hpp"

namespace attune {
namespace {

using Gram = std::vector<std::string>;

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

// [{-~ [-` space-& (-+ :-@ /]: all of ASCII's marks but ' , - and .
bool is_mark(char letter) {
  return (letter >= '{' && letter <= '~') || (letter >= '[' && letter <= '`') ||
         (letter >= ' ' && letter <= '&') || (letter >= '(' && letter <= '+') ||
         (letter >= ':' && letter <= '@') || letter == '/';
}

std::string space_marks(const std::string& text) {
  std::string out;
  for (const char letter : text) {
    if (is_mark(letter))
      out += {' ', letter, ' '};
    else
      out += letter;
  }
  return out;
}

// Every place where `first` and `second` hold of neighbours, left to right without overlap, as a
// regular expression of two classes finds them: spaces around the first or the second of them.
template <typename First, typename Second>
std::string space_pairs(const std::string& text, First first, Second second, bool around_first) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 1 < text.size() && first(text[i]) && second(text[i + 1])) {
      if (around_first)
        out += {' ', text[i], ' ', text[i + 1]};
      else
        out += {text[i], ' ', text[i + 1], ' '};
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<std::string> split_at_spaces(const std::string& text) {
  std::vector<std::string> tokens;
  std::string token;
  const auto end_token = [&] {
    if (!token.empty()) tokens.push_back(token);
    token.clear();
  };
  std::size_t at = 0;
  for (const char32_t point : code_points(text)) {
    const std::size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (is_space(point))
      end_token();
    else
      token += text.substr(at, length);
    at += length;
  }
  end_token();
  return tokens;
}

std::map<Gram, std::uint64_t> grams_of(std::span<const std::string> tokens, std::size_t order) {
  std::map<Gram, std::uint64_t> grams;
  for (std::size_t i = 0; i + order <= tokens.size(); ++i) {
    const auto gram = tokens.subspan(i, order);
    ++grams[Gram(gram.begin(), gram.end())];
  }
  return grams;
}

}  // namespace

std::vector<std::string> tokenise_13a(std::string_view text) {
  std::string line(text);
  replace_all(line, "<skipped>", "");
  replace_all(line, "-\n", "");
  replace_all(line, "\n", " ");
  for (const auto& [entity, letter] : {std::pair{"&quot;", "\""}, std::pair{"&amp;", "&"},
                                       std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}})
    replace_all(line, entity, letter);
  const auto stop = [](char letter) { return letter == '.' || letter == ','; };
  const auto dash = [](char letter) { return letter == '-'; };
  // A letter beyond ASCII is several bytes, none of which is a digit: as one character that isn't.
  const auto no_digit = [](char letter) { return !is_digit(letter); };
  line = space_marks(' ' + line + ' ');
  line = space_pairs(line, no_digit, stop, false);
  line = space_pairs(line, stop, no_digit, true);
  line = space_pairs(line, is_digit, dash, false);
  return split_at_spaces(line);
}

void Bleu::add(std::string_view answer, std::string_view reference) {
  const std::vector<std::string> mine = tokenise_13a(answer), wanted = tokenise_13a(reference);
  answer_length_ += mine.size();
  reference_length_ += wanted.size();
  for (std::size_t order = 1; order <= kOrders; ++order) {
    const auto expected = grams_of(wanted, order);
    for (const auto& [gram, count] : grams_of(mine, order)) {
      total_[order - 1] += count;
      const auto known = expected.find(gram);
      if (known != expected.end()) match_[order - 1] += std::min(count, known->second);
    }
  }
}

double Bleu::score() const {
  if (match_[0] == 0) return 0;
  double logarithms = 0, halved = 1;
  for (std::size_t n = 0; n < kOrders; ++n) {
    if (total_[n] == 0) return 0;
    const auto total = static_cast<double>(total_[n]);
    if (match_[n] == 0) halved *= 2;
    logarithms +=
        std::log(match_[n] == 0 ? 1 / (halved * total) : static_cast<double>(match_[n]) / total);
  }
  const auto mine = static_cast<double>(answer_length_);
  const auto wanted = static_cast<double>(reference_length_);
  const double brevity = mine < wanted ? std::exp(1 - wanted / mine) : 1;
  return 100 * brevity * std::exp(logarithms / kOrders);
}

}  // namespace attune
