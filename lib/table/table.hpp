#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

// A number with the half-width of its 95 % interval, both in percent.
struct Estimate {
  double mean = 0;
  std::optional<double> half_width;
};

// A table for people and for programs: some columns of text that name the line, then columns of
// numbers, of which any may be missing.
struct Table {
  struct Column {
    std::string name;
    bool is_difference = false;  // printed with its sign
    bool plain = false;          // never with an interval: one field in TSV; after those that have
    int decimals = 2;            // for people
  };
  struct Line {
    std::vector<std::string> labels;              // as long as Table::labels
    std::vector<std::optional<Estimate>> values;  // as long as Table::columns
    bool published = false;                       // taken from the literature, not computed here
    std::vector<bool> bold = {};                  // as long as Table::columns, or empty: none
  };
  std::string title;
  std::vector<std::string> labels;  // heads of the text columns; names of labels and columns differ
  std::vector<Column> columns;
  std::vector<Line> lines;
  std::vector<std::string> notes;

  std::optional<std::size_t> column(std::string_view name) const;
  std::optional<std::size_t> label(std::string_view name) const;
};

// Formats: "markdown", "tsv", "csv", "latex", "json". Two decimals for people (markdown, latex),
// four for programs, which get mean and half-width as columns of their own ("5w1s", "5w1s_ci95",
// missing: NA) and no title, notes and bold in TSV and CSV. Equal tables give equal bytes.
const std::vector<std::string>& table_formats();
std::string render(const Table& table, const std::string& format);  // UsageError: unknown format
std::string to_markdown(const Table& table);
std::string to_tsv(const Table& table);
std::string to_csv(const Table& table);    // RFC 4180 quoting, '\n'
std::string to_latex(const Table& table);  // booktabs
std::string to_json(const Table& table);

// Reads back what to_markdown, to_tsv or to_json wrote. Error names `origin` and the line.
Table parse_table(std::string_view text, const std::string& origin);

// "98.40 ± 0.11" (the sign is `plus_minus`), "98.40" without an interval; never "-0.00".
std::string estimate_text(const Estimate& estimate, int decimals, bool is_difference,
                          std::string_view plus_minus);
// The same as the column wants it for people; a positive plain number that rounds to 0 is "<0.01".
std::string people_text(const Estimate& estimate, const Table::Column& column,
                        std::string_view plus_minus);
// One number for programs: four decimals, six where people see more than two.
std::string program_text(double value, const Table::Column& column);
bool is_bold(const Table::Line& line, std::size_t column);

}  // namespace attune
