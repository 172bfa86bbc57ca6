#include "report/table_kinds.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/output.hpp"
#include "base/text.hpp"
#include "report/pairs.hpp"
#include "report/side_tables.hpp"
#include "report/summarise.hpp"

namespace attune {
namespace {

Table published_of(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  if (experiment == nullptr)
    throw UsageError("published: want --experiment, which names published numbers");
  return published_table(outcomes, *experiment);
}

const std::map<std::string, std::string> kFormats = {
    {".md", "markdown"}, {".tsv", "tsv"}, {".csv", "csv"}, {".tex", "latex"}, {".json", "json"}};

template <typename Items, typename NameOf>
std::string names_of(const Items& items, const NameOf& name_of) {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(name_of(item));
  return join(names, ", ");
}

}  // namespace

const std::vector<TableKind>& table_kinds() {
  static const std::vector<TableKind> kinds = {
      {"scores", summarise},  {"pairs", pair_table},
      {"costs", cost_table},  {"calibration", calibration_table},
      {"noise", noise_table}, {"published", published_of}};
  return kinds;
}

const TableKind& table_kind(const std::string& name) {
  const auto found = std::ranges::find(table_kinds(), name, &TableKind::name);
  if (found == table_kinds().end())
    throw UsageError("table: want one of " +
                     names_of(table_kinds(), [](const TableKind& kind) { return kind.name; }) +
                     ", have \"" + name + "\"");
  return *found;
}

std::vector<TableWrite> writes_of(const std::vector<std::string>& texts) {
  std::vector<TableWrite> writes;
  std::set<std::string> paths;
  for (const auto& text : texts) {
    const std::size_t sign = text.find('=');
    if (sign == std::string::npos) throw UsageError("write: want KIND=FILE, have \"" + text + "\"");
    const std::string path = text.substr(sign + 1);
    const std::size_t dot = path.rfind('.');
    const auto format = kFormats.find(dot == std::string::npos ? "" : path.substr(dot));
    if (format == kFormats.end())
      throw UsageError("write: want a file that ends in " +
                       names_of(kFormats, [](const auto& one) { return one.first; }) + ", have \"" +
                       path + "\"");
    if (!paths.insert(path).second)
      throw UsageError("write: want each file once, have \"" + path + "\" twice");
    writes.push_back({&table_kind(text.substr(0, sign)), path, format->second});
  }
  return writes;
}

void write_tables(const std::vector<TableWrite>& writes, const std::vector<Outcome>& outcomes,
                  const Experiment* experiment) {
  std::map<const TableKind*, Table> made;
  for (const TableWrite& write : writes) {
    if (made.contains(write.kind)) continue;
    Table table = write.kind->make(outcomes, experiment);
    note_experiment(table, experiment);
    made.emplace(write.kind, std::move(table));
  }
  for (const TableWrite& write : writes)
    write_file(write.path, render(made.at(write.kind), write.format));
}

void note_experiment(Table& table, const Experiment* experiment) {
  if (experiment)
    table.notes.push_back("Rows: make " + experiment->name +
                          "; this table from them: make tables.");
}

}  // namespace attune
