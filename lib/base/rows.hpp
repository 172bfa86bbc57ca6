#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// A table of text: TSV with a header line, '\t' between fields, '\n' after every line, no quoting
// (fields may hold neither tab nor newline). Also the in-memory form of per-episode rows.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> lines;  // each as long as columns

  std::size_t column(std::string_view name) const;  // Error names origin and known columns
  bool has(std::string_view name) const;
  std::string origin;  // file, for messages
};

// Reads TSV; ".gz" is decompressed; "-" is stdin. A repeated header line (files joined by cat) is
// skipped. Error names file, line, wanted and found number of fields.
Rows read_rows(const std::string& path);
Rows parse_rows(std::string_view text, const std::string& origin);
std::string format_rows(const Rows& rows);

}  // namespace attune
