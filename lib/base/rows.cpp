#include "base/rows.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 28U;
constexpr std::size_t kMostFields = std::size_t{1} << 24U, kMostColumns = 1024;
constexpr std::string_view kEnd = "#end ";

void check_field(const std::string& field, const std::string& origin) {
  if (field.find_first_of("\t\n\r") != std::string::npos) {
    throw Error(origin + ": want fields without tab and newline, have one in \"" +
                field.substr(0, field.find_first_of("\t\n\r")) + "…\"");
  }
}

std::string line_text(const std::vector<std::string>& fields, const std::string& origin) {
  for (const std::string& field : fields) check_field(field, origin);
  return join(fields, "\t") + "\n";
}

std::string end_line(std::size_t lines, const std::string& hash) {
  return std::string(kEnd) + "rows=" + std::to_string(lines) + " sha256=" + hash + "\n";
}

// Goes through the lines of a text.
class Parser {
 public:
  Parser(std::string_view text, const std::string& origin) : text_(text) { rows_.origin = origin; }

  Rows operator()() {
    for (std::size_t begin = 0; begin < text_.size();) {
      const std::size_t end = text_.find('\n', begin);
      take(text_.substr(begin, end - begin), begin, end + 1);
      begin = end + 1;
    }
    if (rows_.has(kSealedColumn) && part_ < text_.size())
      throw Error(rows_.origin + ": want a last line \"" + std::string(kEnd) +
                  "rows=… sha256=…\", have none: the file was cut short or edited; make it again");
    return std::move(rows_);
  }

 private:
  void take(std::string_view line, std::size_t begin, std::size_t next) {
    ++number_;
    if (line.starts_with(kEnd)) return end(line, begin, next);
    // Not split before it is known to be small.
    const auto tabs = static_cast<std::size_t>(std::count(line.begin(), line.end(), '\t'));
    if (tabs >= kMostColumns) wrong_number(kMostColumns, tabs + 1, "at most ");
    if ((fields_ += tabs + 1) > kMostFields)
      throw Error(where() + ": want at most " + std::to_string(kMostFields) +
                  " fields, have more; read fewer files at once");
    std::vector<std::string> fields = split(line, '\t');
    if (number_ == 1) {
      rows_.columns = std::move(fields);
    } else if (fields != rows_.columns) {
      if (fields.size() != rows_.columns.size())
        wrong_number(rows_.columns.size(), fields.size(), "");
      rows_.lines.push_back(std::move(fields));
    }
  }

  // The line must be the one that what stands before it, since the last one, would get.
  void end(std::string_view line, std::size_t begin, std::size_t next) {
    const std::string hash = sha256(text_.substr(part_, begin - part_));
    if (std::string(line) + "\n" != end_line(rows_.lines.size() - before_, hash))
      throw Error(where() + ": want \"" +
                  end_line(rows_.lines.size() - before_, hash).substr(0, 40) +
                  "…\" for the lines before it, have \"" + std::string(line.substr(0, 40)) +
                  "…\": the file was cut short or edited; make it again");
    rows_.seals.push_back(hash);
    before_ = rows_.lines.size();
    part_ = next;
  }

  std::string where() const { return rows_.origin + ": line " + std::to_string(number_); }
  [[noreturn]] void wrong_number(std::size_t want, std::size_t have, const char* most) const {
    throw Error(where() + ": want " + most + std::to_string(want) + " fields, have " +
                std::to_string(have));
  }

  std::string_view text_;
  Rows rows_;
  std::size_t number_ = 0, fields_ = 0;
  std::size_t part_ = 0, before_ = 0;  // where the part begins, and lines of the parts before it
};

}  // namespace

std::size_t Rows::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) {
    throw Error(origin + ": want column \"" + std::string(name) + "\", have " +
                join(columns, ", "));
  }
  return static_cast<std::size_t>(found - columns.begin());
}

bool Rows::has(std::string_view name) const {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

Rows read_rows(const std::string& path) {
  const std::string bytes = read_file(path, kMostBytes);
  const std::string origin = path == "-" ? "stdin" : path;
  if (path.ends_with(".gz")) return parse_rows(gunzip(bytes, origin, kMostBytes), origin);
  return parse_rows(bytes, origin);
}

Rows parse_rows(std::string_view text, const std::string& origin) {
  if (text.empty()) throw Error(origin + ": want a header line, have an empty file");
  if (!text.ends_with('\n')) throw Error(origin + ": want a newline at the end, have none");
  if (!valid_utf8(text)) throw Error(origin + ": want UTF-8, have other bytes");
  return Parser(text, origin)();
}

std::string format_rows(const Rows& rows) {
  const std::string origin = rows.origin.empty() ? "rows" : rows.origin;
  std::string text = line_text(rows.columns, origin);
  for (const auto& line : rows.lines) {
    if (line.size() != rows.columns.size()) {
      throw Error(origin + ": want " + std::to_string(rows.columns.size()) + " fields, have " +
                  std::to_string(line.size()));
    }
    text += line_text(line, origin);
  }
  return text;
}

std::string seal_rows(const Rows& rows, std::string& seal) {
  std::string text = format_rows(rows);
  seal = sha256(text);
  return text + end_line(rows.lines.size(), seal);
}

}  // namespace attune
