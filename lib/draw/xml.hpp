#pragma once
#include <string>
#include <string_view>

namespace attune {

// Text between tags, or in an attribute between double quotes, of HTML and SVG. Characters that XML
// forbids, such as controls, become U+FFFD.
std::string xml_text(std::string_view text);

}  // namespace attune
