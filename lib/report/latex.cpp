#include "report/table.hpp"

namespace attune {

namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
      case '%':
      case '$':
      case '#':
      case '_':
      case '{':
      case '}':
        out += '\\';
        out += c;
        break;
      case '~':
        out += "\\textasciitilde{}";
        break;
      case '^':
        out += "\\textasciicircum{}";
        break;
      case '\\':
        out += "\\textbackslash{}";
        break;
      default:
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
  if (!table.title.empty()) out += "% " + table.title + "\n";
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
  for (const auto& note : table.notes) out += "% " + note + "\n";
  return out;
}

}  // namespace attune
