#include "base/cli.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/output.hpp"
#include "base/rows.hpp"
#include "base/text.hpp"
#include "report/compare.hpp"
#include "report/faithfulness_table.hpp"
#include "report/pairs.hpp"
#include "report/ranks.hpp"
#include "report/table_kinds.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "tabulate",
    "per-episode rows to a table of scores, of differences, of costs, or of what changed",
    "  attune-tabulate --experiment experiments/glyphs.json results/rows/glyphs/*.tsv.gz\n"
    "  attune-evaluate … | attune-tabulate --format tsv - | column -t\n"
    "  attune-tabulate --against old.tsv.gz new.tsv.gz\n"
    "  attune-tabulate --pairs a.tsv.gz b.tsv.gz c.tsv.gz\n"
    "\n"
    "One of --pairs, --costs, --calibration, --noise, --published, --against, --ranks and\n"
    "--faithfulness (rows of attune-probe) chooses another table than that of accuracies. In that\n"
    "one the row which validation ranks first and all that are not significantly worse are bold\n"
    "(markdown, latex, json). Validation, costs and calibration are read from ROWS.cost.json\n"
    "beside each file of rows, where attune-evaluate puts them. Rows of different episode files\n"
    "are never compared. In every table (transductive) marks a line that was tested with the "
    "batch\n"
    "statistics of whole episodes, † one that was tested on classes that it was trained on.\n"};

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
    if (is_outcome_rows(rows))
      return compare(outcomes, gather_outcomes({rows}, common_kind(outcomes).name));
  }
  return compare(outcomes, parse_table(text, path));
}

// The kind whose option was given; "" for scores.
std::string chosen(const po::variables_map& options) {
  std::vector<std::string> names = {"against", "ranks", "faithfulness"};
  for (const TableKind& kind : table_kinds()) names.push_back(kind.name);
  std::string found;
  for (const auto& name : names) {
    if (options.count(name) == 0) continue;
    if (!found.empty())
      throw UsageError("--" + found + ": want one table, have --" + name + " too");
    found = name;
  }
  return found;
}

Table table_of(const std::string& name, const po::variables_map& options,
               const std::vector<std::string>& paths, const std::vector<Outcome>& outcomes,
               const Experiment* experiment) {
  if (name == "against") return compare_with(options["against"].as<std::string>(), outcomes);
  if (name == "ranks") {
    const std::string path = options["ranks"].as<std::string>();
    return rank_table(outcomes, experiment, parse_table(read_text(path), path),
                      path.substr(path.rfind('/') + 1));
  }
  if (name == "faithfulness") {
    std::vector<Rows> files;
    for (const auto& path : paths) files.push_back(read_rows(path));
    return faithfulness_table(files, experiment);
  }
  return table_kind(name.empty() ? "scores" : name).make(outcomes, experiment);
}

void tabulate(const po::variables_map& options) {
  using Names = std::vector<std::string>;
  const auto paths = options.count("rows") ? options["rows"].as<Names>() : Names{};
  if (paths.empty()) throw UsageError("rows: want at least one file, or - for stdin; have none");
  const std::string name = chosen(options);
  const auto writes =
      options.count("write") ? writes_of(options["write"].as<Names>()) : std::vector<TableWrite>{};
  if (!writes.empty() && (!name.empty() || !options["output"].defaulted()))
    throw UsageError("--write: want no other table and no --output beside it, have --" +
                     (name.empty() ? "output" : name));
  const std::string score =
      options.count("score") ? options["score"].as<std::string>() : std::string();
  const auto outcomes =
      name == "faithfulness" ? std::vector<Outcome>{} : read_outcomes(paths, score);
  std::optional<Experiment> read;
  if (options.count("experiment")) read = load_experiment(options["experiment"].as<std::string>());
  const Experiment* experiment = read ? &*read : nullptr;
  if (!writes.empty()) return write_tables(writes, outcomes, experiment);
  Table table = table_of(name, options, paths, outcomes, experiment);
  if (name != "against") note_experiment(table, experiment);
  write_file(options["output"].as<std::string>(),
             render(table, options["format"].as<std::string>()));
}

}  // namespace

int main(int argc, char** argv) try {
  po::options_description options;
  const std::string formats = join(table_formats(), ", ");
  options.add_options()("rows", po::value<std::vector<std::string>>(),
                        "files of per-episode rows (.tsv or .tsv.gz), - for stdin")(
      "experiment", po::value<std::string>(),
      "experiment that orders the table and adds its published numbers")(
      "score", po::value<std::string>(),
      "column of the rows to show (default: accuracy, or else the first)")(
      "format", po::value<std::string>()->default_value("markdown"), formats.c_str())(
      "against", po::value<std::string>(),
      "older rows, or an older table (markdown, tsv, json): print what changed")(
      "ranks", po::value<std::string>(),
      "another experiment's table (markdown, tsv, json): do its cells of the same names rank "
      "alike?")(
      "pairs",
      "every two rows: paired difference, sign-flip and Student p-values, Holm over the table")(
      "costs", "seconds, memory, parameters and multiply-adds, from the side files")(
      "calibration", "how far the probabilities can be believed, from the side files")(
      "faithfulness", "whether attention explains the answers, from rows of attune-probe")(
      "noise", "seed noise apart from episode noise")(
      "published", "ours beside the published numbers that the experiment's cells name")(
      "write", po::value<std::vector<std::string>>()->composing(),
      "KIND=FILE, a table into a file: scores, pairs, costs, calibration, noise or published; the "
      "format by the file's ending .md, .tsv, .csv, .tex or .json. Given several times, the rows "
      "are read once for all of them")("output,o", po::value<std::string>()->default_value("-"),
                                       "where to write, - for stdout");
  po::positional_options_description positional;
  positional.add("rows", -1);
  return run_tool(argc, argv, kInfo, options, positional, tabulate);
} catch (const std::bad_alloc&) {
  return out_of_memory(kInfo);
}
