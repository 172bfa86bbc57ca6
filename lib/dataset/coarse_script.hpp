#pragma once
#include <string>
#include <vector>

namespace attune {

// The names of a language as a script of whole words would write them: without spaces and hyphens,
// and with a letter of its own for every two neighbours that meet four times or more in them, until
// none do (byte-pair encoding). Letters are ideographs in the order in which they are made, 256 for
// each of 80 numbers of languages, so that languages do not look alike. Different names stay
// different, or it throws Error.
std::vector<std::string> coarse_script(const std::vector<std::string>& names, std::size_t language);

}  // namespace attune
