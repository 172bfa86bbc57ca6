#include "base/printable.hpp"

#include <cstddef>
#include <cstdint>

#include "base/text.hpp"

namespace attune {

namespace {

// Bytes of the UTF-8 character at the start of `text`; 0 when there is none.
std::size_t letter_length(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  return text.size() >= length && valid_utf8(text.substr(0, length)) ? length : 0;
}

std::uint32_t code_of(std::string_view letter) {
  if (letter.size() == 1) return static_cast<std::uint8_t>(letter.front());
  auto code = static_cast<std::uint32_t>(static_cast<std::uint8_t>(letter.front())) &
              (0x7FU >> letter.size());
  for (const char byte : letter.substr(1))
    code = code << 6U | (static_cast<std::uint8_t>(byte) & 0x3FU);
  return code;
}

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) ||  // ASCII's, DEL and C1
         (code >= 0x2028 && code <= 0x202E) ||            // line ends, embeddings, overrides
         (code >= 0x2066 && code <= 0x2069) ||            // isolates
         code == 0xFFFE || code == 0xFFFF;                // no characters at all
}

template <typename Replace>
std::string replaced(std::string_view text, std::string_view keep, const Replace& replace) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = letter_length(text);
    const std::string_view letter = text.substr(0, length == 0 ? 1 : length);
    const bool kept = keep.find(letter.front()) != std::string_view::npos;
    if (kept || (length != 0 && !is_control(code_of(letter)))) {
      out += letter;
    } else {
      replace(out, letter);
    }
    text.remove_prefix(letter.size());
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text, std::string_view keep) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return replaced(text, keep, [&](std::string& out, std::string_view letter) {
    for (const char byte : letter) {
      const auto code = static_cast<std::uint8_t>(byte);
      out += std::string("\\x") + kDigits[code >> 4U] + kDigits[code & 15U];
    }
  });
}

std::string without_controls(std::string_view text, std::string_view substitute) {
  return replaced(text, "",
                  [&](std::string& out, std::string_view) { out += std::string(substitute); });
}

}  // namespace attune
