#pragma once
#include <string>
#include <string_view>

namespace attune {

// One form of a text, so that equal ones are equal bytes: without soft hyphens (U+00AD) and
// zero-width spaces (U+200B), composed (Unicode's NFC), runs of white space one space each and none
// at the ends. Error for bytes that are not UTF-8.
std::string plain_form(std::string_view text);
// Version of the library that composes, for provenance: "72.1".
std::string unicode_library();

}  // namespace attune
