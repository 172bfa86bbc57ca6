#include <chrono>
#include <numeric>
#include <optional>

#include "array/parallel.hpp"
#include "base/cli.hpp"
#include "base/file.hpp"
#include "base/rows.hpp"
#include "train/open_model.hpp"
#include "train/side_file.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "evaluate", "scores a model on frozen episodes, one row per episode",
    "  attune-evaluate --model m.h5 --pool p.h5 --episodes test.h5 -o rows.tsv.gz\n"
    "  attune-evaluate --model m.h5 --pool p.h5 --episodes test.h5 | datamash -H mean accuracy\n"
    "Each pool example is encoded once; episodes then cost a matrix product each. With\n"
    "--transductive each episode is encoded by itself, batch-normalised by its own support and\n"
    "queries together: easier, and not what a user with one query at a time would get.\n"};

// The rows, and how far the probabilities of all answers together can be believed.
struct Scored {
  Rows rows;
  std::optional<Calibration> calibration;
};

Scored score(const OpenModel& open, Mode mode, const std::vector<std::string>& fixed,
             std::size_t count) {
  constexpr std::size_t kBlock = 500;
  Scored scored;
  Rows& rows = scored.rows;
  rows.columns = row_columns();
  for (const char* name : {"episode", "accuracy", "loss"}) rows.columns.push_back(name);
  Progress progress("evaluate", count);
  const auto problem = frozen_problem(open.learner, open.pool, open.file, mode);
  const auto evaluator = problem->evaluator(open.params);
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    if (stop_signal()) throw Stopped{stop_signal()};
    std::vector<std::uint64_t> numbers(std::min(kBlock, count - begin));
    std::iota(numbers.begin(), numbers.end(), begin);
    const std::vector<Scores> scores = (*evaluator)(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      std::vector<std::string> line = fixed;
      line.push_back(std::to_string(numbers[i]));
      line.push_back(to_text(scores[i].at("accuracy")));
      line.push_back(to_text(scores[i].at("loss"), 6));
      rows.lines.push_back(std::move(line));
    }
    progress.update(begin + numbers.size());
  }
  if (evaluator->calibration()) scored.calibration = *evaluator->calibration();
  return scored;
}

// `members`: of the calibration and the model's training.
void write_cost(const std::string& path, double seconds, std::size_t episodes,
                const EpisodeWork& work, bool own_pool, const std::string& members) {
  write_file(path, "{\"evaluate_seconds\": " + to_text(seconds, 2) + process_members() +
                       ", \"episodes\": " + std::to_string(episodes) +
                       ", \"multiply_adds_per_episode\": " +
                       std::to_string(work.encoding + work.answering) +
                       ", \"multiply_adds_after_encoding\": " + std::to_string(work.answering) +
                       ", \"own_pool\": " + (own_pool ? "true" : "false") + members + "}\n");
}

void evaluate(const po::variables_map& options) {
  const auto started = std::chrono::steady_clock::now();
  set_threads(options["threads"].as<int>());
  const std::string output = options["output"].as<std::string>();
  check_output(output);
  const auto text_of = [&](const char* name) {
    return options.count(name) ? options[name].as<std::string>() : std::string();
  };
  const OpenModel open = open_model(text_of("model"), text_of("pool"), text_of("episodes"));
  const std::size_t first = whole_number(options, "first", 0, INT64_MAX);
  const std::size_t count = first ? std::min(first, open.file->count()) : open.file->count();
  const std::string costs_of_model = side_file_member("model", text_of("model"));
  watch_signals();
  const Mode mode = options["transductive"].as<bool>() ? Mode::transductive : Mode::evaluate;
  const Scored scored =
      score(open, mode, row_fields(open, text_of("cell"), text_of("test")), count);
  const std::string text = format_rows(scored.rows);
  if (output == "-") return write_stdout(text);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  // First, so that no rows are without it.
  write_cost(output + ".cost.json", seconds.count(), count,
             episode_work(*open.learner, open.params, *open.pool, open.file->episode(0),
                          open.file->shape.ways),
             open.model.pool_hash == open.pool->hash,
             (scored.calibration ? calibration_member(*scored.calibration) : "") + costs_of_model);
  write_file(output, output.ends_with(".gz") ? gzip(text) : text);
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options;
  options.add_options()("model", po::value<std::string>()->required(), "model of attune-train")(
      "pool", po::value<std::string>()->required(), "pool that the episodes index")(
      "episodes", po::value<std::string>()->required(), "frozen episodes of attune-sample")(
      "cell", po::value<std::string>(), "name in the table (default: the learner's kind)")(
      "test", po::value<std::string>(), "name of the test (default: e.g. 5w1s)")(
      "transductive", po::bool_switch(),
      "batch statistics of each episode instead of running ones")(
      "first", po::value<std::int64_t>()->default_value(0), "only the first n episodes, 0 = all")(
      "threads", po::value<int>()->default_value(cores(), "all cores"),
      "changes no bit of the output")("output,o", po::value<std::string>()->default_value("-"),
                                      "rows, TSV; .gz compresses");
  return run_tool(argc, argv, kInfo, options, {}, evaluate);
}
