#pragma once
#include <map>
#include <string>
#include <string_view>

namespace attune {

// Translations of a gettext message catalogue (.mo, either byte order): message → its translation;
// plural forms and contexts are left out, and so is what isn't translated. Error (after `origin`)
// for another magic number or version, and for places beyond the file.
std::map<std::string, std::string> parse_catalogue(std::string_view bytes,
                                                   const std::string& origin);

}  // namespace attune
