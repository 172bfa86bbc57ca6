#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// A table of text: TSV with a header line, '\t' between fields, '\n' after every line, no quoting
// (fields may hold neither tab nor newline). Also the in-memory form of per-episode rows, which end
// with a line "#end rows=<number> sha256=<hash>": a cut or edited file has no right one. Lines that
// begin with '#' are left out by pandas (comment="#") and datamash (-C).
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> lines;  // each as long as columns

  std::size_t column(std::string_view name) const;  // Error names origin and known columns
  bool has(std::string_view name) const;
  std::string origin;  // file, for messages
  // The hash in the end line of each part of the file, in order (a file joined by cat has several
  // parts); empty where there is none.
  std::vector<std::string> seals = {};
};

// The column that only rows with an end line have.
constexpr std::string_view kSealedColumn = "bits";

// Reads TSV; ".gz" is decompressed; "-" is stdin. A repeated header line (files joined by cat) is
// skipped. At most 256 MiB of text and 16,777,216 fields, 1,024 in a line. Error names file, line,
// wanted and found number of fields; also where an end line does not fit what stands before it, or
// is missing though there is a column "bits".
Rows read_rows(const std::string& path);
Rows parse_rows(std::string_view text, const std::string& origin);
std::string format_rows(const Rows& rows);  // without an end line
// With an end line; `seal` becomes its hash. The text parses back.
std::string seal_rows(const Rows& rows, std::string& seal);

}  // namespace attune
