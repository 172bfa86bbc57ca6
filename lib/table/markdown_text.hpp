#pragma once
#include <string>
#include <string_view>

namespace attune {

// A text as a piece of a line of Markdown that shows it as it is: no HTML, picture, emphasis or end
// of the line or the table's cell comes of it, and no link but of an address that stands there for
// all to see. Only `code` of plain words stays what it is. Signs that nothing would come of are
// left alone. Controls are written as by printable.
std::string markdown_text(std::string_view text);

// The same at the start of a line or an item, where "# " and "1. " would begin something.
std::string markdown_item(std::string_view text);

// What markdown_text and markdown_item were given, but for controls.
std::string plain_text(std::string_view markdown);

}  // namespace attune
