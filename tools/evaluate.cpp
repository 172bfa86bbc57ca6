#include <chrono>
#include <iostream>

#include "base/cli.hpp"
#include "base/text.hpp"
#include "train/episode_rows.hpp"
#include "train/side_file.hpp"
#include "train/task_family.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "evaluate", "scores a model on frozen episodes, one row per episode",
    "  attune-evaluate --model m.h5 --pool p.h5 --episodes test.h5 -o rows.tsv.gz\n"
    "  attune-evaluate --model m.h5 --pool p.h5 --episodes test.h5 | datamash -CH mean accuracy\n"
    "Each pool example is encoded once; episodes then cost a matrix product each. With\n"
    "--transductive each episode is encoded by itself, batch-normalised by its own support and\n"
    "queries together: easier, and not what a user with one query at a time would get.\n"};

// `members`: of the work, the origin, the calibration and the model's training.
std::string side_file(double seconds, std::size_t episodes, bool own_data,
                      const std::string& members) {
  return "{\"evaluate_seconds\": " + to_text(seconds, 2) + process_members(kInfo.verb) +
         ", \"episodes\": " + std::to_string(episodes) +
         ", \"own_pool\": " + (own_data ? "true" : "false") + members + "}\n";
}

void warn_of_own_classes(const RowHead& head) {
  const RowOrigin& origin = head.origin;
  if (origin.trained_pool != origin.tested_pool ||
      !share_a_split(split_of(head.trained_on), origin.split))
    return;
  std::cerr << "attune-evaluate: warning: the model was trained on classes that it is tested on: " +
                   head.trained_on + ", tested on split " + origin.split + "\n";
}

void evaluate(const po::variables_map& options) {
  const auto started = std::chrono::steady_clock::now();
  const EpisodeJob job = read_episode_job(options, true);
  const ModelFile model(job.model);
  const auto tested = open_tested(model, job.pool, job.episodes);
  const std::string costs_of_model =
      side_file_member("model", job.model, short_hash(model.header().hash));
  const bool transductive = options["transductive"].as<bool>();
  RowHead head = job.named(tested->head);
  if (transductive) head.origin.mode = "transductive";
  warn_of_own_classes(head);
  watch_signals();
  const Mode mode = transductive ? Mode::transductive : Mode::evaluate;
  const auto problem = tested->frozen().problem(mode);
  const auto evaluator = problem->evaluator(tested->params);
  const std::size_t count = job.count(tested->frozen().count());
  const Rows rows = score_episodes(kInfo.verb, head, count, 500, tested->scores, *evaluator);
  const auto calibration = evaluator->calibration();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  write_rows(job, rows, [&](const std::string& set) {
    return side_file(seconds.count(), count, tested->own_data,
                     tested->work_members() + origin_members(head.origin, set) +
                         (calibration ? calibration_member(*calibration) : "") + costs_of_model);
  });
}

}  // namespace

int main(int argc, char** argv) try {
  po::options_description options = episode_options();
  options.add_options()("transductive", po::bool_switch(),
                        "batch statistics of each episode instead of running ones");
  return run_tool(argc, argv, kInfo, options, {}, evaluate);
} catch (const std::bad_alloc&) {
  return out_of_memory(kInfo);
}
