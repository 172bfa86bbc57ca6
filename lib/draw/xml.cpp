#include "draw/xml.hpp"

#include "base/printable.hpp"

namespace attune {

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : without_controls(text, "\uFFFD")) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace attune
