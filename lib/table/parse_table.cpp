#include "base/config.hpp"
#include "base/error.hpp"
#include "base/rows.hpp"
#include "base/text.hpp"
#include "table/markdown_text.hpp"
#include "table/table.hpp"

namespace attune {

namespace {

constexpr std::string_view kHalfWidthSuffix = "_ci95";
constexpr std::string_view kPlusMinus = " ± ";
constexpr std::string_view kBold = "**";

double real_or_error(std::string_view text, const std::string& what) {
  try {
    return parse_real(text, what);
  } catch (const UsageError& error) {
    throw Error(error.what());  // a damaged file, not a wrong option
  }
}

std::optional<Estimate> parse_estimate(std::string_view text, const std::string& what) {
  if (text.starts_with(kBold) && text.ends_with(kBold) && text.size() >= 2 * kBold.size()) {
    text = text.substr(kBold.size(), text.size() - 2 * kBold.size());
  }
  if (text == "–" || text == "NA") return std::nullopt;
  Estimate estimate;
  if (text.starts_with('<')) text.remove_prefix(1);
  const auto sign = text.find(kPlusMinus);
  std::string_view mean = text.substr(0, sign);
  if (mean.starts_with('+')) mean.remove_prefix(1);
  estimate.mean = real_or_error(mean, what);
  if (sign != std::string_view::npos) {
    estimate.half_width = real_or_error(text.substr(sign + kPlusMinus.size()), what);
  }
  return estimate;
}

std::vector<std::string> pipe_fields(std::string_view line) {
  std::vector<std::string> fields;
  std::string field;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      field += line[++i];
    } else if (line[i] == '|') {
      fields.emplace_back(trim(field));
      field.clear();
    } else {
      field += line[i];
    }
  }
  return fields;
}

Table parse_markdown(std::string_view text, const std::string& origin) {
  Table table;
  std::vector<std::string> head;
  std::size_t number = 0, pipes = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const std::string where = origin + ": line " + std::to_string(number);
    if (line.starts_with("# ") && table.title.empty()) table.title = plain_text(line.substr(2));
    if (line.starts_with("- ")) table.notes.push_back(plain_text(line.substr(2)));
    if (!line.starts_with('|')) continue;
    const auto fields = pipe_fields(line);
    if (++pipes == 1) {
      head = fields;
      continue;
    }
    if (fields.size() != head.size()) {
      throw Error(where + ": want " + std::to_string(head.size()) + " fields, have " +
                  std::to_string(fields.size()));
    }
    if (pipes == 2) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].ends_with(':')) {
          table.columns.push_back({head[i]});
        } else {
          table.labels.push_back(head[i]);
        }
      }
      continue;
    }
    Table::Line parsed;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i < table.labels.size()) {
        parsed.labels.push_back(fields[i]);
      } else {
        parsed.values.push_back(parse_estimate(fields[i], where + ": " + head[i]));
      }
    }
    table.lines.push_back(std::move(parsed));
  }
  return table;
}

Table parse_tsv(std::string_view text, const std::string& origin) {
  const Rows rows = parse_rows(text, origin);
  Table table;
  std::size_t labels = 0;
  const auto has_interval = [&](std::size_t i) {
    return i + 1 < rows.columns.size() &&
           rows.columns[i + 1] == rows.columns[i] + std::string(kHalfWidthSuffix);
  };
  while (labels < rows.columns.size() && !has_interval(labels)) {
    table.labels.push_back(rows.columns[labels++]);
  }
  for (std::size_t i = labels; i < rows.columns.size(); ++i) {
    const bool plain = !has_interval(i);
    table.columns.push_back({rows.columns[i], false, plain});
    if (!plain) ++i;
  }
  for (std::size_t number = 0; number < rows.lines.size(); ++number) {
    const auto& fields = rows.lines[number];
    const std::string where = origin + ": line " + std::to_string(number + 2);
    Table::Line line;
    line.labels.assign(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(labels));
    for (std::size_t i = labels; i < fields.size(); ++i) {
      auto estimate = parse_estimate(fields[i], where + ": " + rows.columns[i]);
      if (has_interval(i)) {
        ++i;
        const auto half_width = parse_estimate(fields[i], where + ": " + rows.columns[i]);
        if (estimate && half_width) estimate->half_width = half_width->mean;
      }
      line.values.push_back(estimate);
    }
    table.lines.push_back(std::move(line));
  }
  return table;
}

Table parse_json(std::string_view text, const std::string& origin) {
  const Config root = Config::parse(text, origin);
  Table table;
  table.title = root.text("title", "", "title");
  table.labels = root.texts("labels", {}, "heads of the text columns");
  table.notes = root.texts("notes", {}, "footnotes");
  for (const Config& column : root.children("columns")) {
    table.columns.push_back(
        {column.required_text("name", "head of the column"),
         column.flag("difference", false, "printed with its sign"),
         column.flag("plain", false, "never with an interval"),
         static_cast<int>(column.integer("decimals", 2, {0, 9}, "for people"))});
  }
  for (const Config& item : root.children("lines")) {
    Table::Line line;
    line.published = item.flag("published", false, "from the literature");
    const Config labels = item.child("labels"), values = item.child("values");
    for (const auto& label : table.labels) {
      line.labels.push_back(labels.required_text(label, "text of the line"));
    }
    for (const auto& column : table.columns) {
      std::optional<Estimate> estimate;
      if (values.has(column.name)) {
        const Config value = values.child(column.name);
        estimate.emplace();
        estimate->mean = value.real("mean", 0, {}, "percent");
        if (value.has("half_width")) {
          estimate->half_width = value.real("half_width", 0, {}, "percent");
        }
        if (value.flag("bold", false, "shown in bold")) {
          line.bold.resize(table.columns.size());
          line.bold[line.values.size()] = true;
        }
      }
      line.values.push_back(estimate);
    }
    table.lines.push_back(std::move(line));
  }
  return table;
}

}  // namespace

Table parse_table(std::string_view text, const std::string& origin) {
  Table table;
  const std::string_view start = trim(text);
  if (start.starts_with('{')) {
    table = parse_json(text, origin);
  } else if (start.starts_with('#') || start.starts_with('|')) {
    table = parse_markdown(text, origin);
  } else {
    table = parse_tsv(text, origin);
  }
  if (table.labels.empty() || table.columns.empty()) {
    throw Error(origin +
                ": want a table with text and number columns as attune-tabulate writes "
                "it (markdown, tsv or json), have " +
                std::to_string(table.labels.size()) + " and " +
                std::to_string(table.columns.size()) + " of them");
  }
  return table;
}

}  // namespace attune
