#include "dataset/table_text.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "dataset/class_name.hpp"

namespace attune {
namespace {

class Parser {
 public:
  Parser(std::string_view text, char separator, const std::string& origin)
      : text_(text), separator_(separator), origin_(origin) {}

  bool done() const { return at_ == text_.size(); }
  std::size_t line() const { return line_; }

  std::vector<std::string> record() {
    std::vector<std::string> fields;
    for (;;) {
      fields.push_back(peek() == '"' ? quoted() : plain());
      if (!done() && text_[at_] == separator_) {
        ++at_;
        continue;
      }
      end_line();
      return fields;
    }
  }

  [[noreturn]] void refuse(std::size_t line, const std::string& why) const {
    throw Error(origin_ + ": line " + std::to_string(line) + ": " + why);
  }

 private:
  char peek() const { return done() ? '\n' : text_[at_]; }

  std::string plain() {
    const std::size_t start = at_;
    while (!done() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') {
      if (text_[at_] == '"') refuse(line_, "want the whole field in quotes, have one inside it");
      ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  std::string quoted() {
    const std::size_t opened = line_;
    std::string field;
    for (++at_; !done(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] == '"') {
        ++at_;
        if (peek() != '"') return field;
      }
      field += text_[at_];
    }
    refuse(opened, "want a closing quote, have none");
  }

  void end_line() {
    if (done()) return;
    if (text_[at_] == '\r') ++at_;
    if (!done() && text_[at_] != '\n')
      refuse(line_, "want a separator or the end of the line after the field");
    if (!done()) ++at_;
    ++line_;
  }

  std::string_view text_;
  char separator_;
  const std::string& origin_;
  std::size_t at_ = 0, line_ = 1;
};

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

void check_header(const std::vector<std::string>& columns, const std::string& origin) {
  std::set<std::string> seen;
  for (const std::string& name : columns) {
    if (name.empty())
      throw Error(origin + ": line 1: want a name for every column, have an empty one");
    if (!seen.insert(name).second)
      throw Error(origin + ": line 1: want each column once, have \"" + name + "\" twice");
  }
}

}  // namespace

std::size_t TextTable::column(const std::string& name, const std::string& origin) const {
  const auto found = std::find(columns.begin(), columns.end(), class_name(name));
  if (found == columns.end())
    throw Error(origin + ": want a column \"" + name + "\", have " + join(columns, ", "));
  return static_cast<std::size_t>(found - columns.begin());
}

char guess_separator(std::string_view text) {
  constexpr std::string_view kKnown = ",;\t";
  std::size_t count[kKnown.size()] = {};
  bool inside = false;
  for (const char c : text) {
    if (c == '"') inside = !inside;
    if (inside) continue;
    if (c == '\n') break;
    const std::size_t which = kKnown.find(c);
    if (which != std::string_view::npos) ++count[which];
  }
  return kKnown[static_cast<std::size_t>(std::max_element(std::begin(count), std::end(count)) -
                                         std::begin(count))];
}

TextTable parse_table(std::string_view text, char separator, const std::string& origin) {
  if (!valid_utf8(text)) throw Error(origin + ": want UTF-8 text, have other bytes");
  Parser parser(without_mark(text), separator, origin);
  TextTable table;
  while (!parser.done()) {
    const std::size_t line = parser.line();
    std::vector<std::string> fields = parser.record();
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (table.columns.empty()) {
      for (std::string& name : fields) name = class_name(name);
      check_header(fields, origin);
      table.columns = std::move(fields);
      continue;
    }
    if (fields.size() != table.columns.size())
      parser.refuse(line, "want " + std::to_string(table.columns.size()) + " fields, have " +
                              std::to_string(fields.size()));
    table.records.push_back(std::move(fields));
    table.line.push_back(line);
  }
  if (table.records.empty()) throw Error(origin + ": want a header and rows below it, have none");
  return table;
}

}  // namespace attune
