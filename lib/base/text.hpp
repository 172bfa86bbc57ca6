#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

std::string to_text(double value);                // shortest form that reads back exactly
std::string to_text(double value, int decimals);  // fixed decimals, "C" locale
double parse_real(std::string_view text, const std::string& what);           // UsageError
std::int64_t parse_integer(std::string_view text, const std::string& what);  // UsageError
std::vector<std::string> split(std::string_view text, char separator);       // keeps empty fields
std::string_view trim(std::string_view text);                                // spaces, tabs, CR, LF
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// The candidate with the smallest edit distance to `name`, empty if none is near (≤ 1/2 of its
// length).
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);
bool valid_utf8(std::string_view text);

}  // namespace attune
