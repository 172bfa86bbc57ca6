#include "table/table.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {

namespace {

std::string fixed(double value, int decimals, bool with_sign) {
  std::string text = to_text(value, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos && text.front() == '-') text.erase(0, 1);
  if (with_sign && text.front() != '-') text.insert(0, "+");
  return text;
}

}  // namespace

std::optional<std::size_t> Table::column(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> Table::label(std::string_view name) const {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == name) return i;
  }
  return std::nullopt;
}

std::string estimate_text(const Estimate& estimate, int decimals, bool is_difference,
                          std::string_view plus_minus) {
  std::string text = fixed(estimate.mean, decimals, is_difference);
  if (estimate.half_width) {
    text += std::string(plus_minus) + fixed(*estimate.half_width, decimals, false);
  }
  return text;
}

std::string people_text(const Estimate& estimate, const Table::Column& column,
                        std::string_view plus_minus) {
  const double least = std::pow(10.0, -column.decimals);
  if (column.plain && estimate.mean > 0 && estimate.mean < least / 2) {
    return "<" + to_text(least, column.decimals);
  }
  return estimate_text(estimate, column.decimals, column.is_difference, plus_minus);
}

std::string program_text(double value, const Table::Column& column) {
  return fixed(value, column.decimals > 2 ? 6 : 4, false);
}

bool is_bold(const Table::Line& line, std::size_t column) {
  return column < line.bold.size() && line.bold[column];
}

const std::vector<std::string>& table_formats() {
  static const std::vector<std::string> formats = {"csv", "json", "latex", "markdown", "tsv"};
  return formats;
}

std::string render(const Table& table, const std::string& format) {
  if (format == "markdown") return to_markdown(table);
  if (format == "tsv") return to_tsv(table);
  if (format == "csv") return to_csv(table);
  if (format == "latex") return to_latex(table);
  if (format == "json") return to_json(table);
  throw UsageError("--format: want " + join(table_formats(), "|") + ", have \"" + format + "\"");
}

}  // namespace attune
