#include <chrono>
#include <numeric>

#include "array/parallel.hpp"
#include "base/cli.hpp"
#include "base/file.hpp"
#include "base/rows.hpp"
#include "train/model.hpp"
#include "train/side_file.hpp"
#include "train/task.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "evaluate", "scores a model on frozen episodes, one row per episode",
    "  attune-evaluate --model m.h5 --pool p.h5 --episodes test.h5 -o rows.tsv.gz\n"
    "  attune-evaluate --model m.h5 --pool p.h5 --episodes test.h5 | datamash -H mean accuracy\n"
    "Each pool example is encoded once; episodes then cost a matrix product each.\n"};

std::string short_hash(const std::string& hash) { return hash.substr(0, 16); }

Rows header() {
  Rows rows;
  rows.columns = {"cell", "trained_on", "seed",    "test",    "episode_file", "model",
                  "ways", "shots",      "queries", "episode", "accuracy",     "loss"};
  return rows;
}

Rows score(const Problem& problem, const Params& params, const EpisodeFile& file,
           const std::vector<std::string>& fixed, std::size_t count) {
  constexpr std::size_t kBlock = 500;
  Rows rows = header();
  Progress progress("evaluate", count);
  const auto evaluator = problem.evaluator(params);
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    if (stop_signal()) throw Stopped{stop_signal()};
    std::vector<std::uint64_t> numbers(std::min(kBlock, count - begin));
    std::iota(numbers.begin(), numbers.end(), begin);
    const std::vector<Scores> scores = (*evaluator)(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      std::vector<std::string> line = fixed;
      for (std::uint32_t number : {file.shape.ways, file.shape.shots, file.shape.queries})
        line.push_back(std::to_string(number));
      line.push_back(std::to_string(numbers[i]));
      line.push_back(to_text(scores[i].at("accuracy")));
      line.push_back(to_text(scores[i].at("loss"), 6));
      rows.lines.push_back(std::move(line));
    }
    progress.update(begin + numbers.size());
  }
  return rows;
}

// `model`: what was said of its training, as a member or empty.
void write_cost(const std::string& path, double seconds, std::size_t episodes, std::uint64_t work,
                bool own_pool, const std::string& model) {
  write_file(path, "{\"evaluate_seconds\": " + to_text(seconds, 2) + process_members() +
                       ", \"episodes\": " + std::to_string(episodes) +
                       ", \"multiply_adds_per_episode\": " + std::to_string(work) +
                       ", \"own_pool\": " + (own_pool ? "true" : "false") + model + "}\n");
}

// The learner of the model, with its weights, for the examples of the pool. What does not fit is
// an error of the files, never of the options.
std::pair<std::shared_ptr<const Learner>, Params> rebuild(const std::string& model,
                                                          const Config& learner, const Pool& pool) {
  try {
    auto made = make_learner(learner, pool);
    Rng unused(0, "init");
    Params shape;
    made->init(shape, unused);
    return {made, read_model_params(model, shape)};
  } catch (const Error& error) {
    throw Error(std::string(error.what()) + " (for examples of shape " +
                input_shape(pool).example.text() + " in " + pool.origin + ")");
  }
}

void evaluate(const po::variables_map& options) {
  const auto started = std::chrono::steady_clock::now();
  set_threads(options["threads"].as<int>());
  const std::string output = options["output"].as<std::string>();
  check_output(output);
  const std::string path = options["model"].as<std::string>();
  const Model model = read_model_header(path);
  const Config config = Config::parse(model.config, path + ": /config");
  const auto pool = std::make_shared<Pool>(read_pool(options["pool"].as<std::string>()));
  const auto file =
      std::make_shared<EpisodeFile>(read_episodes(options["episodes"].as<std::string>()));
  const auto [learner, params] = rebuild(path, config.child("learner"), *pool);
  const auto problem = frozen_problem(learner, pool, file);
  const std::size_t first = whole_number(options, "first", 0, INT64_MAX);
  const std::size_t count = first ? std::min(first, file->count()) : file->count();
  if (count == 0) throw Error(options["episodes"].as<std::string>() + ": want episodes, have none");

  const std::string cell = options.count("cell")
                               ? options["cell"].as<std::string>()
                               : config.child("learner").text("kind", "matching", "");
  const std::string test = options.count("test") ? options["test"].as<std::string>()
                                                 : std::to_string(file->shape.ways) + "w" +
                                                       std::to_string(file->shape.shots) + "s";
  const std::string costs_of_model = side_file_member("model", path);
  watch_signals();
  const Rows rows = score(*problem, params, *file,
                          {cell, model.trained_on, std::to_string(model.seed), test,
                           short_hash(file->hash), short_hash(model.hash)},
                          count);
  const std::string text = format_rows(rows);
  if (output == "-") return write_stdout(text);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  // First, so that no rows are without it.
  write_cost(output + ".cost.json", seconds.count(), count,
             episode_multiply_adds(*learner, params, *pool, file->episode(0), file->shape.ways),
             model.pool_hash == pool->hash, costs_of_model);
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
      "first", po::value<std::int64_t>()->default_value(0), "only the first n episodes, 0 = all")(
      "threads", po::value<int>()->default_value(cores(), "all cores"),
      "changes no bit of the output")("output,o", po::value<std::string>()->default_value("-"),
                                      "rows, TSV; .gz compresses");
  return run_tool(argc, argv, kInfo, options, {}, evaluate);
}
