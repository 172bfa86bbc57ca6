#include <algorithm>
#include <map>
#include <string_view>

#include "base/printable.hpp"
#include "table/table.hpp"

namespace attune {

namespace {

std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return printable(text);
}

std::string escaped(const std::string& field) {
  static const std::map<char, std::string> signs = {
      {'~', "\\textasciitilde{}"}, {'^', "\\textasciicircum{}"}, {'\\', "\\textbackslash{}"},
      {'<', "\\textless{}"},       {'>', "\\textgreater{}"},     {'|', "\\textbar{}"}};
  const std::string text = one_line(field);
  std::string out;
  for (const char c : text) {
    if (std::string_view("&%$#_{}").find(c) != std::string_view::npos) {
      out += std::string("\\") + c;
    } else if (const auto sign = signs.find(c); sign != signs.end()) {
      out += sign->second;
    } else if (out.empty() && (c == '[' || c == '*')) {
      out += std::string("{") + c + "}";  // else part of the \\ before it
    } else {
      out += c;
    }
  }
  return out;
}

std::string format_line(const Table& table, const Table::Line& line) {
  std::string out;
  for (const auto& label : line.labels) {
    if (!out.empty()) out += " & ";
    out += escaped(label);
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (!line.values[i]) {
      out += " & --";
      continue;
    }
    const std::string text = people_text(*line.values[i], table.columns[i], " \\pm ");
    out += is_bold(line, i) ? " & $\\mathbf{" + text + "}$" : " & $" + text + "$";
  }
  return out + " \\\\\n";
}

}  // namespace

std::string to_latex(const Table& table) {
  std::string out = "% needs \\usepackage{booktabs}\n";
  if (!table.title.empty()) out += "% " + one_line(table.title) + "\n";
  out += "\\begin{tabular}{" + std::string(table.labels.size(), 'l') +
         std::string(table.columns.size(), 'r') + "}\n\\toprule\n";
  std::string head;
  for (const auto& label : table.labels) head += (head.empty() ? "" : " & ") + escaped(label);
  for (const auto& column : table.columns) head += " & " + escaped(column.name);
  out += head + " \\\\\n\\midrule\n";
  for (std::size_t i = 0; i < table.lines.size(); ++i) {
    const bool group_ends = i > 0 && table.lines[i].published != table.lines[i - 1].published;
    if (group_ends) out += "\\midrule\n";
    out += format_line(table, table.lines[i]);
  }
  out += "\\bottomrule\n\\end{tabular}\n";
  for (const auto& note : table.notes) out += "% " + one_line(note) + "\n";
  return out;
}

}  // namespace attune
