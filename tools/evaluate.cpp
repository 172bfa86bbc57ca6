#include <chrono>

#include "base/cli.hpp"
#include "base/file.hpp"
#include "train/episode_rows.hpp"
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
  const EpisodeJob job = open_episodes(options);
  const OpenModel& open = job.open;
  const std::string costs_of_model = side_file_member("model", options["model"].as<std::string>());
  watch_signals();
  const Mode mode = options["transductive"].as<bool>() ? Mode::transductive : Mode::evaluate;
  const auto problem = frozen_problem(open.learner, open.pool, open.file, mode);
  const auto evaluator = problem->evaluator(open.params);
  const Rows rows = score_episodes(kInfo.verb, job, 500, {{"accuracy"}, {"loss", 6}}, *evaluator);
  if (job.output == "-") return write_rows(job, rows);
  const auto calibration = evaluator->calibration();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  // First, so that no rows are without it.
  write_cost(job.output + ".cost.json", seconds.count(), job.count,
             episode_work(*open.learner, open.params, *open.pool, open.file->episode(0),
                          open.file->shape.ways),
             open.model.pool_hash == open.pool->hash,
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
