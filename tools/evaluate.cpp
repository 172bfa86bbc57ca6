#include <chrono>

#include "base/cli.hpp"
#include "base/file.hpp"
#include "train/episode_rows.hpp"
#include "train/side_file.hpp"
#include "train/task_family.hpp"

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

// `members`: of the work, the calibration and the model's training.
void write_cost(const std::string& path, double seconds, std::size_t episodes, bool own_data,
                const std::string& work, const std::string& members) {
  write_file(path, "{\"evaluate_seconds\": " + to_text(seconds, 2) + process_members() +
                       ", \"episodes\": " + std::to_string(episodes) + work +
                       ", \"own_pool\": " + (own_data ? "true" : "false") + members + "}\n");
}

void evaluate(const po::variables_map& options) {
  const auto started = std::chrono::steady_clock::now();
  const EpisodeJob job = read_episode_job(options);
  const auto tested = open_tested(job.model, job.pool, job.episodes);
  const std::string costs_of_model = side_file_member("model", job.model);
  watch_signals();
  const Mode mode = options["transductive"].as<bool>() ? Mode::transductive : Mode::evaluate;
  const auto problem = tested->frozen().problem(mode);
  const auto evaluator = problem->evaluator(tested->params);
  const std::size_t count = job.count(tested->frozen().count());
  const Rows rows =
      score_episodes(kInfo.verb, job.named(tested->head), count, 500, tested->scores, *evaluator);
  if (job.output == "-") return write_rows(job, rows);
  const auto calibration = evaluator->calibration();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  // First, so that no rows are without it.
  write_cost(job.output + ".cost.json", seconds.count(), count, tested->own_data,
             tested->work_members(),
             (calibration ? calibration_member(*calibration) : "") + costs_of_model);
  write_rows(job, rows);
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options = episode_options();
  options.add_options()("transductive", po::bool_switch(),
                        "batch statistics of each episode instead of running ones");
  return run_tool(argc, argv, kInfo, options, {}, evaluate);
}
