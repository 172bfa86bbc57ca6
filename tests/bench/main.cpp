#include <limits>
#include <numeric>

#include "array/parallel.hpp"
#include "base/cli.hpp"
#include "bench/agents.hpp"
#include "bench/data.hpp"
#include "bench/maml.hpp"
#include "bench/text.hpp"
#include "bench/translator.hpp"
#include "bench/watched.hpp"
#include "train/model.hpp"

namespace po = boost::program_options;
using namespace attune;
using bench::Rounds;

namespace {

const ToolInfo kInfo{
    "bench", "times steps of training and evaluation; make bench runs it",
    "  attune-bench data build/bench/data      # writes what both sides of the comparison read\n"
    "  echo 10 | attune-bench train20 build/bench/data --threads 2\n"
    "Cases: train20, train60, maml1, maml5 (inner steps), evaluate; of texts, whose data "
    "`text-data`\n"
    "writes: text, text32 (all of 32 tokens); translator, whose data `translator-data` "
    "writes;\n"
    "of agents, whose data `agent-data` writes: gru10, gru100, transformer10, transformer100 "
    "(pulls).\n"};

Params weights(const Problem& problem, const std::string& path) {
  Rng unused(0, "init");
  return read_model_params(path, problem.init(unused));
}

void time_images(const std::string& folder, const std::string& name, Rounds& rounds) {
  const TaskConfig task(bench::training_config(std::numeric_limits<std::int32_t>::max() / 4));
  const auto pool = bench::load_pool(folder);
  const auto file = bench::load_episodes(folder, name);
  const auto problem = frozen_problem(make_learner(task.learner, *pool), pool, file);
  bench::time_training(*problem, weights(*problem, folder + "/start.h5"), task.train, file->count(),
                       rounds);
}

// One step is the whole file, with the pool encoded anew; the losses are those of its first
// episodes.
void time_evaluation(const std::string& folder, Rounds& rounds) {
  constexpr std::size_t kBlock = 500, kNoted = 20;
  const TaskConfig task(bench::training_config(1));
  const auto pool = bench::load_pool(folder);
  const auto file = bench::load_episodes(folder, "evaluate");
  const auto problem = frozen_problem(make_learner(task.learner, *pool), pool, file);
  const Params params = weights(*problem, folder + "/trained.h5");
  while (rounds.next()) {
    const auto evaluator = problem->evaluator(params);
    for (std::size_t begin = 0; begin < file->count(); begin += kBlock) {
      std::vector<std::uint64_t> numbers(std::min(kBlock, file->count() - begin));
      std::iota(numbers.begin(), numbers.end(), begin);
      const std::vector<Scores> scores = (*evaluator)(numbers);
      for (std::size_t i = 0; begin + i < kNoted && i < scores.size(); ++i)
        rounds.note(scores[i].at("loss"));
    }
  }
}

void time_case(const po::variables_map& options) {
  set_threads(options["threads"].as<int>());
  const std::string name = options["case"].as<std::string>();
  const std::string folder = options["folder"].as<std::string>();
  if (name == "data") return bench::write_data(folder, options["episodes"].as<std::size_t>());
  if (name == "text-data") return bench::write_text_data(folder);
  if (name == "translator-data") return bench::write_translator_data(folder);
  if (name == "agent-data") return bench::write_agent_data(folder);
  Rounds rounds;
  if (bench::is_agent_case(name)) return bench::time_agent(folder, name, rounds);
  if (name == bench::kTranslator) return bench::time_translator(folder, rounds);
  if (bench::is_text_case(name)) return bench::time_text(folder, name, rounds);
  if (name == "train20" || name == "train60") return time_images(folder, name, rounds);
  if (name == "maml1") return bench::time_maml(folder, 1, rounds);
  if (name == "maml5") return bench::time_maml(folder, 5, rounds);
  if (name == "evaluate") return time_evaluation(folder, rounds);
  throw UsageError("case: want one of those that --help names, have " + name);
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options;
  options.add_options()("case", po::value<std::string>()->required(), "what to time, or data")(
      "folder", po::value<std::string>()->required(), "of the data")(
      "threads", po::value<int>()->default_value(1), "of all kernels")(
      "episodes", po::value<std::size_t>()->default_value(10000),
      "that `data` writes for evaluate");
  po::positional_options_description positional;
  positional.add("case", 1).add("folder", 1);
  return run_tool(argc, argv, kInfo, options, positional, time_case);
}
