#include "base/printable.hpp"
#include "base/text.hpp"
#include "table/table.hpp"

namespace attune {

namespace {

std::string spaced(const std::string& text) {
  std::string out = text;
  for (char& c : out) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  return out;
}

std::string tsv_field(const std::string& text) { return printable(spaced(text)); }

std::string csv_field(const std::string& field) {
  std::string text = field;
  std::erase(text, '\r');  // would begin the line anew on a terminal
  text = printable(text, "\t\n");
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::vector<std::string> head(const Table& table) {
  std::vector<std::string> fields = table.labels;
  for (const auto& column : table.columns) {
    fields.push_back(column.name);
    if (!column.plain) fields.push_back(column.name + "_ci95");
  }
  return fields;
}

std::vector<std::string> line_fields(const Table& table, const Table::Line& line) {
  std::vector<std::string> fields = line.labels;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    const auto& value = line.values[i];
    fields.push_back(value ? program_text(value->mean, column) : "NA");
    if (column.plain) continue;
    fields.push_back(value && value->half_width ? program_text(*value->half_width, column) : "NA");
  }
  return fields;
}

std::string delimited(const Table& table, char separator,
                      std::string (*quoted)(const std::string&)) {
  std::string out;
  const auto append = [&](const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) out += separator;
      out += quoted(fields[i]);
    }
    out += '\n';
  };
  append(head(table));
  for (const auto& line : table.lines) append(line_fields(table, line));
  return out;
}

}  // namespace

std::string to_tsv(const Table& table) { return delimited(table, '\t', tsv_field); }

std::string to_csv(const Table& table) { return delimited(table, ',', csv_field); }

}  // namespace attune
