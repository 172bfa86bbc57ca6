#include <cstdint>
#include <string_view>

#include "base/json_node.hpp"
#include "table/table.hpp"

namespace attune {

namespace {

// The code of a line separator or of a mark that turns the direction of text, U+2028 to U+202E and
// U+2066 to U+2069, whose three bytes stand at `at`; 0 where there is none.
unsigned turning_mark(const std::string& text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '\xe2') return 0;
  const auto second = static_cast<std::uint8_t>(text[at + 1]);
  const auto third = static_cast<std::uint8_t>(text[at + 2]);
  if (second == 0x80 && third >= 0xa8 && third <= 0xae) return 0x2000U + (third - 0x80U);
  if (second == 0x81 && third >= 0xa6 && third <= 0xa9) return 0x2040U + (third - 0x80U);
  return 0;
}

// As JSON asks, and the control characters beyond ASCII as \u009b too, which terminals obey.
std::string quoted(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  const std::string json = json_quoted(text);
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (const unsigned code = turning_mark(json, i); code != 0) {
      out += std::string("\\u20") + kDigits[code >> 4U & 15U] + kDigits[code & 15U];
      i += 2;
      continue;
    }
    const auto next = static_cast<std::uint8_t>(i + 1 < json.size() ? json[i + 1] : 0);
    if (json[i] == '\x7f') {
      out += "\\u007f";
    } else if (json[i] == '\xc2' && next >= 0x80 && next < 0xa0) {
      out += std::string("\\u00") + kDigits[next >> 4U] + kDigits[next & 15U];
      ++i;
    } else {
      out += json[i];
    }
  }
  return out;
}

template <typename Items, typename Format>
std::string joined(const Items& items, const std::string& separator, Format format) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += separator;
    out += format(item);
  }
  return out;
}

std::string value_json(const Table::Column& column, const Estimate& value, bool bold) {
  std::string out = quoted(column.name) + ": {\"mean\": " + program_text(value.mean, column);
  if (value.half_width) out += ", \"half_width\": " + program_text(*value.half_width, column);
  if (bold) out += ", \"bold\": true";
  return out + "}";
}

std::string line_json(const Table& table, const Table::Line& line) {
  std::string labels, values;
  for (std::size_t i = 0; i < table.labels.size(); ++i) {
    labels += (i ? ", " : "") + quoted(table.labels[i]) + ": " + quoted(line.labels[i]);
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (!line.values[i]) continue;
    values += (values.empty() ? "" : ", ") +
              value_json(table.columns[i], *line.values[i], is_bold(line, i));
  }
  return "    {\"published\": " + std::string(line.published ? "true" : "false") +
         ", \"labels\": {" + labels + "}, \"values\": {" + values + "}}";
}

}  // namespace

std::string to_json(const Table& table) {
  const auto column_json = [](const Table::Column& column) {
    return "{\"name\": " + quoted(column.name) +
           ", \"difference\": " + (column.is_difference ? "true" : "false") +
           (column.plain ? ", \"plain\": true" : "") +
           (column.decimals != 2 ? ", \"decimals\": " + std::to_string(column.decimals) : "") + "}";
  };
  const auto line = [&](const Table::Line& item) { return line_json(table, item); };
  const auto note = [](const std::string& text) { return "    " + quoted(text); };
  return "{\n  \"title\": " + quoted(table.title) + ",\n  \"labels\": [" +
         joined(table.labels, ", ", quoted) + "],\n  \"columns\": [" +
         joined(table.columns, ", ", column_json) + "],\n  \"lines\": [\n" +
         joined(table.lines, ",\n", line) + "\n  ],\n  \"notes\": [\n" +
         joined(table.notes, ",\n", note) + "\n  ]\n}\n";
}

}  // namespace attune
