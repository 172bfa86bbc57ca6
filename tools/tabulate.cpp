#include "base/cli.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/rows.hpp"
#include "base/text.hpp"
#include "report/compare.hpp"
#include "report/summarise.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "tabulate", "per-episode rows to a table of accuracies, or to what changed since an older one",
    "  attune-tabulate --experiment experiments/glyphs.json results/rows/glyphs/*.tsv.gz\n"
    "  attune-evaluate … | attune-tabulate --format tsv - | column -t\n"
    "  attune-tabulate --against old.tsv.gz new.tsv.gz\n"};

constexpr std::size_t kLargestFile = std::size_t{1} << 30;

std::string read_text(const std::string& path) {
  const std::string bytes = read_file(path, kLargestFile);
  return path.ends_with(".gz") ? gunzip(bytes, path, kLargestFile) : bytes;
}

// The old side is either rows or a table that this program wrote.
Table compare_with(const std::string& path, const std::vector<Outcome>& outcomes) {
  const std::string text = read_text(path);
  const std::string_view start = trim(text);
  if (!start.starts_with('{') && !start.starts_with('|') && !start.starts_with('#')) {
    const Rows rows = parse_rows(text, path);
    if (is_outcome_rows(rows)) return compare(outcomes, gather_outcomes({rows}));
  }
  return compare(outcomes, parse_table(text, path));
}

void tabulate(const po::variables_map& options) {
  const auto paths = options.count("rows") ? options["rows"].as<std::vector<std::string>>()
                                           : std::vector<std::string>{};
  if (paths.empty()) throw UsageError("rows: want at least one file, or - for stdin; have none");
  std::vector<Rows> files;
  for (const auto& path : paths) files.push_back(read_rows(path));
  const auto outcomes = gather_outcomes(files);
  files.clear();

  Table table;
  if (options.count("against")) {
    table = compare_with(options["against"].as<std::string>(), outcomes);
  } else if (options.count("experiment")) {
    const Experiment experiment = load_experiment(options["experiment"].as<std::string>());
    table = summarise(outcomes, &experiment);
  } else {
    table = summarise(outcomes, nullptr);
  }
  write_file(options["output"].as<std::string>(),
             render(table, options["format"].as<std::string>()));
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options;
  const std::string formats = join(table_formats(), ", ");
  options.add_options()("rows", po::value<std::vector<std::string>>(),
                        "files of per-episode rows (.tsv or .tsv.gz), - for stdin")(
      "experiment", po::value<std::string>(),
      "experiment that orders the table and adds its published numbers")(
      "format", po::value<std::string>()->default_value("markdown"), formats.c_str())(
      "against", po::value<std::string>(),
      "older rows, or an older table (markdown, tsv, json): print what changed")(
      "output,o", po::value<std::string>()->default_value("-"), "where to write, - for stdout");
  po::positional_options_description positional;
  positional.add("rows", -1);
  return run_tool(argc, argv, kInfo, options, positional, tabulate);
}
