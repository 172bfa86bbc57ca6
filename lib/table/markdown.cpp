#include <algorithm>

#include "draw/characters.hpp"
#include "table/markdown_text.hpp"
#include "table/table.hpp"

namespace attune {

namespace {

std::vector<std::string> line_fields(const Table& table, const Table::Line& line) {
  std::vector<std::string> fields;
  for (const auto& label : line.labels) fields.push_back(markdown_text(label));
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& value = line.values[i];
    std::string text = value ? people_text(*value, table.columns[i], " ± ") : "–";
    fields.push_back(is_bold(line, i) ? "**" + text + "**" : text);
  }
  return fields;
}

std::string format_line(const std::vector<std::string>& fields,
                        const std::vector<std::size_t>& widths, std::size_t labels) {
  std::string out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string space(widths[i] - characters(fields[i]), ' ');
    out += "| " + (i < labels ? fields[i] + space : space + fields[i]) + " ";
  }
  return out + "|\n";
}

}  // namespace

std::string to_markdown(const Table& table) {
  std::vector<std::vector<std::string>> lines(1);
  for (const auto& label : table.labels) lines[0].push_back(markdown_text(label));
  for (const auto& column : table.columns) lines[0].push_back(markdown_text(column.name));
  for (const auto& line : table.lines) lines.push_back(line_fields(table, line));

  std::vector<std::size_t> widths(lines[0].size(), 4);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i)
      widths[i] = std::max(widths[i], characters(line[i]));
  }
  std::string out;
  if (!table.title.empty()) out += "# " + markdown_text(table.title) + "\n\n";
  out += format_line(lines[0], widths, table.labels.size());
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string dashes(widths[i] - 1, '-');
    out += i < table.labels.size() ? "| :" + dashes + " " : "| " + dashes + ": ";
  }
  out += "|\n";
  for (std::size_t i = 1; i < lines.size(); ++i) {
    out += format_line(lines[i], widths, table.labels.size());
  }
  if (!table.notes.empty()) out += "\n";
  for (const auto& note : table.notes) out += "- " + markdown_item(note) + "\n";
  return out;
}

}  // namespace attune
