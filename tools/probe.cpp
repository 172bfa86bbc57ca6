#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "array/parallel.hpp"
#include "base/cli.hpp"
#include "base/file.hpp"
#include "base/rows.hpp"
#include "learner/faithfulness.hpp"
#include "train/open_model.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "probe", "measures whether a model's attention explains its answers, one row per episode",
    "  attune-probe --model m.h5 --pool p.h5 --episodes 5w5s.h5 --first 1000 -o rows.tsv.gz\n"
    "  attune-tabulate rows.tsv.gz\n"
    "Support items are deleted by attention, at random and by class; labels are swapped; ranks "
    "are\n"
    "compared with leave-one-out importance; all again with weights drawn anew. The columns are\n"
    "explained below the table and in lib/learner/faithfulness.hpp. Wants 2 shots or more.\n"};

Rows measure(const OpenModel& model, const std::vector<std::string>& fixed,
             const FaithfulnessSettings& settings, std::size_t count) {
  constexpr std::size_t kBlock = 50;
  Rows rows;
  rows.columns = row_columns();
  rows.columns.push_back("episode");
  const std::vector<std::string> measures = faithfulness_measures();
  rows.columns.insert(rows.columns.end(), measures.begin(), measures.end());
  const auto file = model.file;
  FaithfulnessEvaluator evaluate(
      model.learner, model.pool, [file](std::uint64_t number) { return file->episode(number); },
      file->shape.ways, model.params, settings);
  Progress progress("probe", count);
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    if (stop_signal()) throw Stopped{stop_signal()};
    std::vector<std::uint64_t> numbers(std::min(kBlock, count - begin));
    std::iota(numbers.begin(), numbers.end(), begin);
    const std::vector<Scores> scores = evaluate(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      std::vector<std::string> line = fixed;
      line.push_back(std::to_string(numbers[i]));
      for (const auto& name : measures) line.push_back(to_text(scores[i].at(name), 6));
      rows.lines.push_back(std::move(line));
    }
    progress.update(begin + numbers.size());
  }
  return rows;
}

void probe(const po::variables_map& options) {
  set_threads(options["threads"].as<int>());
  const std::string output = options["output"].as<std::string>();
  check_output(output);
  const auto text_of = [&](const char* name) {
    return options.count(name) ? options[name].as<std::string>() : std::string();
  };
  const std::size_t queries = whole_number(options, "queries", 1, 1 << 20);
  const std::size_t first = whole_number(options, "first", 0, INT64_MAX);
  const OpenModel model = open_model(text_of("model"), text_of("pool"), text_of("episodes"));
  const std::size_t measured = std::min<std::size_t>(queries, model.file->shape.queries);
  const std::size_t count = first ? std::min(first, model.file->count()) : model.file->count();
  std::vector<std::string> fixed = row_fields(model, text_of("cell"), text_of("test"));
  fixed.back() = std::to_string(measured);
  watch_signals();
  const std::string text = format_rows(measure(model, fixed, {measured, model.model.seed}, count));
  if (output == "-") return write_stdout(text);
  write_file(output, output.ends_with(".gz") ? gzip(text) : text);
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options;
  options.add_options()("model", po::value<std::string>()->required(), "model of attune-train")(
      "pool", po::value<std::string>()->required(), "pool that the episodes index")(
      "episodes", po::value<std::string>()->required(), "frozen episodes of attune-sample")(
      "cell", po::value<std::string>(), "name in the table (default: the learner's kind)")(
      "test", po::value<std::string>(), "name of the test (default: e.g. 5w5s)")(
      "first", po::value<std::int64_t>()->default_value(0), "only the first n episodes, 0 = all")(
      "queries", po::value<std::int64_t>()->default_value(1), "measured per class")(
      "threads", po::value<int>()->default_value(cores(), "all cores"),
      "changes no bit of the output")("output,o", po::value<std::string>()->default_value("-"),
                                      "rows, TSV; .gz compresses");
  return run_tool(argc, argv, kInfo, options, {}, probe);
}
