#include "experiment/make_names.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "base/printable.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool holds_only(std::string_view text, std::string_view signs) {
  return std::ranges::all_of(text, [&](char c) {
    return is_letter_or_digit(c) || signs.find(c) != std::string_view::npos;
  });
}

// Letters of other scripts count as letters; signs that nobody sees don't.
bool holds_only_or_unicode(std::string_view text, std::string_view signs) {
  const auto fine = [&](char c) {
    return (c & 0x80) != 0 || is_letter_or_digit(c) || signs.find(c) != std::string_view::npos;
  };
  return std::ranges::all_of(text, fine) && printable(text) == text;
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.front() != '-' && holds_only(text, "_-+.");
}

bool is_split(std::string_view text) {
  std::set<std::string> seen;
  for (const auto& part : split(text, '+')) {
    const bool known = part == "train" || part == "val" || part == "test";
    if (!known || !seen.insert(part).second) return false;
  }
  return !seen.empty();
}

bool is_input(std::string_view text) {
  constexpr std::string_view kData = "$(DATA)";
  std::string_view rest = text;
  std::string around;  // with a '/' for each, so that what is around one can't make another
  for (auto at = rest.find(kData); at != std::string_view::npos; at = rest.find(kData)) {
    around += rest.substr(0, at);
    around += '/';
    rest.remove_prefix(at + kData.size());
  }
  around += rest;
  return !text.empty() && text.front() != '-' && holds_only_or_unicode(around, "_-+./@,=:~ ");
}

bool is_path(std::string_view text) {
  return !text.empty() && text.front() != '-' && holds_only_or_unicode(text, "_-+./@,");
}

}  // namespace attune
