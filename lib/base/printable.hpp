#pragma once
#include <string>
#include <string_view>

namespace attune {

// Text of a file as it may be shown on a terminal, in one line: control characters (ASCII's and
// those from U+0080 to U+009F), line separators, marks that turn the direction of all that follows,
// and bytes that are no UTF-8 are written as "\x1b", byte by byte. `keep`: control characters of
// ASCII that stay, e.g. "\n\t" of a text in lines.
std::string printable(std::string_view text, std::string_view keep = "");

// As above, with `substitute` instead of each of those characters or bytes.
std::string without_controls(std::string_view text, std::string_view substitute);

}  // namespace attune
