#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// A table as text, before its numbers are read.
struct TextTable {
  std::vector<std::string> columns;               // first line, as class_name() has it; unique
  std::vector<std::vector<std::string>> records;  // each as long as columns
  std::vector<std::size_t> line;                  // where each record begins, from 1
  std::size_t column(const std::string& name, const std::string& origin) const;  // Error: unknown
};

// The one of ',', ';' and tab that stands most often in the first line, outside quotes.
char guess_separator(std::string_view text);

// CSV and TSV (RFC 4180): fields may be quoted, "" is a quote inside one; LF or CRLF; a byte order
// mark and empty lines are passed over. Error (after `origin`) with the line for a quote left open
// or in an unquoted field, text after a closing quote, another number of fields than the header,
// repeated or empty column names, bytes that are not UTF-8.
TextTable parse_table(std::string_view text, char separator, const std::string& origin);

}  // namespace attune
