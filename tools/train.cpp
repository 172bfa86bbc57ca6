#include <iostream>

#include "array/parallel.hpp"
#include "array/storage.hpp"
#include "base/cli.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "train/model.hpp"
#include "train/side_file.hpp"
#include "train/task.hpp"
#include "train/trainer.hpp"
#include "train/unknown_keys.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "train", "meta-trains a learner on episodes drawn from a pool",
    "  attune-train --config cell.json --pool omniglot.h5 --val val.h5 -o model.h5\n"
    "  attune-train --pool p.h5 --set learner.kind=prototypical --set train.steps=500 -o m.h5\n"
    "Stopped or killed, the same command goes on from model.h5.state to the same bits.\n"
    "Writes model.h5, model.h5.log.jsonl (no times) and model.h5.cost.json (times, memory,\n"
    "multiply-adds of a step, validation); prints the model, the steps it has had, its validation\n"
    "score (- without one) and its hash.\n"};

struct Inputs {
  Config config;
  std::shared_ptr<Pool> pool;
  std::shared_ptr<EpisodeFile> validation;
};

Config read_config(const po::variables_map& options) {
  Config config =
      options.count("config") ? Config::load(options["config"].as<std::string>()) : Config();
  if (options.count("set"))
    for (const std::string& assignment : options["set"].as<std::vector<std::string>>())
      config.set(assignment);
  return config;
}

std::string identity(const Inputs& inputs) {
  return Sha256()
      .add_field(inputs.config.resolved())
      .add_field(inputs.pool->hash)
      .add_field(inputs.validation ? inputs.validation->hash : "")
      .hex();
}

std::shared_ptr<EpisodeFile> read_validation(const po::variables_map& options) {
  if (!options.count("val")) return nullptr;
  return std::make_shared<EpisodeFile>(read_episodes(options["val"].as<std::string>()));
}

TrainOutcome run_training(const po::variables_map& options, const TaskConfig& task,
                          const Inputs& inputs, const std::shared_ptr<const Learner>& learner) {
  const auto problem = training_problem(task, learner, inputs.pool);
  std::unique_ptr<Problem> validation;
  if (inputs.validation) validation = frozen_problem(learner, inputs.pool, inputs.validation);
  TrainRun run;
  run.training = problem.get();
  run.validation = validation.get();
  run.validation_episodes = inputs.validation ? inputs.validation->count() : 0;
  run.seed = task.seed;
  run.state_path = options["output"].as<std::string>() + ".state";
  run.identity = identity(inputs);
  run.checkpoint_seconds = options["checkpoint-seconds"].as<double>();
  run.quiet = options.count("quiet") > 0;
  run.note = [](const std::string& text) { std::cerr << "attune-train: note: " + text + "\n"; };
  return meta_train(task.train, run);
}

// A floor: its weights, if any, are those it starts with.
TrainOutcome untrained(const TaskConfig& task, const Learner& learner) {
  TrainOutcome outcome;
  Rng rng(task.seed, "init");
  learner.init(outcome.params, rng);
  return outcome;
}

void train(const po::variables_map& options) {
  set_threads(options["threads"].as<int>());
  const std::string output = options["output"].as<std::string>();
  Inputs inputs;
  inputs.config = read_config(options);
  if (options.count("stop-from"))
    inputs.config.set(
        "train.stop=" +
        std::to_string(read_model_header(options["stop-from"].as<std::string>()).steps));
  refuse_unknown_keys(inputs.config);
  const TaskConfig task(inputs.config);
  inputs.pool = std::make_shared<Pool>(read_pool(options["pool"].as<std::string>()));
  const auto learner = make_learner(task.learner, *inputs.pool);
  inputs.config.finish();
  inputs.validation = read_validation(options);
  const std::string search =
      options.count("stop-from")
          ? side_file_member("search", options["stop-from"].as<std::string>())
          : "";
  const bool trained = learner->claims().trained;
  watch_signals();
  const OutputLock lock(output);
  const TrainOutcome outcome =
      trained ? run_training(options, task, inputs, learner) : untrained(task, *learner);

  Model model;
  model.config = inputs.config.resolved();
  model.trained_on = trained ? inputs.pool->title + ":" + task.split : "-";
  model.pool_hash = inputs.pool->hash;
  model.log = outcome.log;
  model.validation = outcome.validated ? task.train.metric + " " + to_text(outcome.best_score) : "";
  model.seed = task.seed;
  model.steps = outcome.best_step;
  model.params = outcome.params;
  write_file(output + ".log.jsonl", outcome.log);
  write_file(output + ".cost.json",
             training_side_file(outcome, model, task.train.metric,
                                inputs.validation ? inputs.validation->hash : "", search));
  write_model(output, model);
  for (const char* suffix : {".state.tmp", ".state"}) remove_file(output + suffix);
  write_stdout(output + "\t" + std::to_string(model.steps) + "\t" +
               (outcome.validated ? to_text(outcome.best_score, 5) : "-") + "\t" + model.hash +
               "\n");
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options;
  options.add_options()("config", po::value<std::string>(), "JSON configuration, - for stdin")(
      "set", po::value<std::vector<std::string>>()->composing(),
      "one key, e.g. train.steps=300; repeatable")("pool", po::value<std::string>()->required(),
                                                   "pool to draw episodes from")(
      "val", po::value<std::string>(),
      "frozen validation episodes: they choose the stopping point")(
      "stop-from", po::value<std::string>(), "stop at the step that this model's validation chose")(
      "threads", po::value<int>()->default_value(cores(), "all cores"),
      "changes no bit of the output")("checkpoint-seconds",
                                      po::value<double>()->default_value(30, "30"),
                                      "time between checkpoints")("quiet,q", "no progress line")(
      "output,o", po::value<std::string>()->required(), "model file");
  return run_tool(argc, argv, kInfo, options, {}, train);
}
