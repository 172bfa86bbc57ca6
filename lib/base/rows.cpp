#include "base/rows.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30U;

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
  text.remove_suffix(1);
  Rows rows;
  rows.origin = origin;
  std::size_t number = 0, part = 0, before = 0;
  for (std::size_t begin = 0; begin <= text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view whole = text.substr(begin, end - begin);
    if (whole.starts_with("#end ")) {
      const std::string seal = sha256(std::string(text.substr(part, begin - part)));
      if (whole != "#end rows=" + std::to_string(rows.lines.size() - before) + " sha256=" + seal)
        throw Error(origin + ": line " + std::to_string(number + 1) +
                    ": want the end line of the rows before it, have that of others");
      rows.seals.push_back(seal);
      before = rows.lines.size();
      part = begin = end + 1;
      continue;
    }
    std::vector<std::string> fields = split(text.substr(begin, end - begin), '\t');
    begin = end + 1;
    if (number == 0) {
      rows.columns = std::move(fields);
      continue;
    }
    if (fields == rows.columns) continue;
    if (fields.size() != rows.columns.size()) {
      throw Error(origin + ": line " + std::to_string(number + 1) + ": want " +
                  std::to_string(rows.columns.size()) + " fields, have " +
                  std::to_string(fields.size()));
    }
    rows.lines.push_back(std::move(fields));
  }
  if (rows.has(kSealedColumn) && (rows.seals.empty() || before != rows.lines.size()))
    throw Error(origin + ": want an end line after the last row, have none: the file is cut");
  return rows;
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
  const std::string text = format_rows(rows);
  seal = sha256(text);
  return text + "#end rows=" + std::to_string(rows.lines.size()) + " sha256=" + seal + "\n";
}

}  // namespace attune
