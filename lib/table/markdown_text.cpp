#include "table/markdown_text.hpp"

#include <algorithm>
#include <cstddef>

#include "base/printable.hpp"

namespace attune {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_letter(char c) { return is_word(c) && (c < '0' || c > '9'); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

// "`make glyphs`" at the start: its length, else 0.
std::size_t code_length(std::string_view text) {
  if (text.size() < 3 || text[0] != '`' || !is_word(text[1])) return 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '`') return i + 1 < text.size() && text[i + 1] == '`' ? 0 : i + 1;
    if (!is_word(text[i]) && std::string_view(" _-./=").find(text[i]) == std::string_view::npos)
      return 0;
  }
  return 0;
}

// "&lt;" or "&#60;" at the start.
bool is_entity(std::string_view text) {
  std::size_t i = text.size() > 1 && text[1] == '#' ? 2 : 1;
  const std::size_t first = i;
  while (i < text.size() && is_word(text[i])) ++i;
  return i > first && i < text.size() && text[i] == ';';
}

// Whether the sign at `at` would be read as Markdown.
bool acts(std::string_view text, std::size_t at) {
  const char c = text[at];
  const char before = at > 0 ? text[at - 1] : ' ';
  const char after = at + 1 < text.size() ? text[at + 1] : ' ';
  switch (c) {
    case '\\':
    case '|':
    case '`':
      return true;
    case '<':
      return is_letter(after) || after == '/' || after == '!' || after == '?';
    case '&':
      return is_entity(text.substr(at));
    case ']':
      return after == '(' || after == '[' || after == ':';
    case '_':  // inside a word it is itself
      return !(is_word(before) && is_word(after)) && std::ranges::count(text, c) > 1;
    case '*':
    case '~':
    case '$':
      return std::ranges::count(text, c) > 1;
    case '#':  // at the end of a heading
      return text.substr(at).find_first_not_of("# ") == std::string_view::npos;
    default:
      return false;
  }
}

// Where a list, a heading, a quotation or a line begins by what stands first; npos when none does.
std::size_t opening(std::string_view text) {
  if (text.empty()) return std::string_view::npos;
  if (std::string_view("#>+*-=~").find(text.front()) != std::string_view::npos) {
    // "-0.27" and "+3" are numbers.
    return text.size() > 1 && is_digit(text[1]) ? std::string_view::npos : 0;
  }
  for (const char* box : {"[ ]", "[x]", "[X]"})
    if (text.starts_with(box)) return 0;
  std::size_t i = 0;
  while (i < text.size() && is_digit(text[i])) ++i;
  const bool numbered = i > 0 && i < text.size() && (text[i] == '.' || text[i] == ')') &&
                        (i + 1 == text.size() || text[i + 1] == ' ');
  return numbered ? i : std::string_view::npos;
}

std::string escaped(std::string_view raw, bool starts_line) {
  std::string line(raw);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  const std::string text =
      printable(line.substr(std::min(line.find_first_not_of(' '), line.size())));
  const std::size_t first = starts_line ? opening(text) : std::string_view::npos;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t code = code_length(std::string_view(text).substr(i));
    if (code > 0) {
      out += text.substr(i, code);
      i += code - 1;
      continue;
    }
    if (i == first || acts(text, i)) out += '\\';
    out += text[i];
  }
  return out;
}

}  // namespace

std::string markdown_text(std::string_view text) { return escaped(text, false); }

std::string markdown_item(std::string_view text) { return escaped(text, true); }

std::string plain_text(std::string_view markdown) {
  std::string out;
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    const bool escaped =
        markdown[i] == '\\' && i + 1 < markdown.size() && is_punctuation(markdown[i + 1]);
    if (escaped) ++i;
    out += markdown[i];
  }
  return out;
}

}  // namespace attune
