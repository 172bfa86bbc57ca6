#include <iostream>

#include "array/bits.hpp"
#include "array/parallel.hpp"
#include "array/storage.hpp"
#include "base/cli.hpp"
#include "base/file.hpp"
#include "base/output.hpp"
#include "train/model.hpp"
#include "train/side_file.hpp"
#include "train/task_family.hpp"
#include "train/trainer.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

constexpr const char* kStateEnding = ".state";

const ToolInfo kInfo{
    "train", "meta-trains a learner on episodes drawn from a pool, or simulated",
    "  attune-train --config cell.json --pool omniglot.h5 --val val.h5 -o model.h5\n"
    "  attune-train --pool p.h5 --set learner.kind=prototypical --set train.steps=500 -o m.h5\n"
    "Stopped or killed, the same command goes on from model.h5.state to the same bits. Another "
    "one\n"
    "is refused there, and names what differs; --restart sets that checkpoint aside.\n"
    "Writes model.h5, model.h5.log.jsonl (no times) and model.h5.cost.json (times, memory,\n"
    "multiply-adds of a step, validation, build), which name the model; prints the model, the "
    "steps it has had, its validation\n"
    "score (- without one) and its hash.\n"};

Config read_config(const po::variables_map& options) {
  Config config =
      options.count("config") ? Config::load(options["config"].as<std::string>()) : Config();
  if (options.count("set"))
    for (const std::string& assignment : options["set"].as<std::vector<std::string>>())
      config.set(assignment);
  if (options.count("stop-from"))
    config.set("train.stop=" +
               std::to_string(ModelFile(options["stop-from"].as<std::string>()).header().steps));
  return config;
}

std::string text_of(const po::variables_map& options, const char* name) {
  return options.count(name) ? options[name].as<std::string>() : std::string();
}

void restart(const std::string& state) {
  const std::string aside = set_state_aside(state);
  if (!aside.empty()) std::cerr << "attune-train: note: the old checkpoint is now " + aside + "\n";
}

TrainOutcome run_training(const po::variables_map& options, const TrainingPlan& plan,
                          const TrainingTask& task, const FrozenTask* frozen,
                          const std::string& config) {
  const auto problem = task.problem();
  std::unique_ptr<Problem> validation;
  if (frozen) validation = frozen->problem(Mode::evaluate);
  TrainRun run;
  run.training = problem.get();
  run.validation = validation.get();
  run.validation_episodes = frozen ? frozen->count() : 0;
  run.seed = plan.seed;
  run.state_path = options["output"].as<std::string>() + kStateEnding;
  run.identity = {config, task.data_hash, frozen ? frozen->hash() : "", task.start_hash,
                  class_of_bits()};
  run.checkpoint_seconds = options["checkpoint-seconds"].as<double>();
  run.quiet = options.count("quiet") > 0;
  if (options["restart"].as<bool>()) restart(run.state_path);
  return meta_train(plan.train, run);
}

// A floor: its weights, if any, are those it starts with.
TrainOutcome untrained(const TrainingPlan& plan, const TrainingTask& task) {
  TrainOutcome outcome;
  Rng rng(plan.seed, "init");
  outcome.params = task.initial(rng);
  return outcome;
}

Model model_of(const TrainOutcome& outcome, const TrainingPlan& plan, const TrainingTask& task,
               const std::string& config) {
  Model model;
  model.config = config;
  model.trained_on = task.trained_on;
  model.pool_hash = task.data_hash;
  model.log = outcome.log;
  model.bits = class_of_bits();
  model.validation = outcome.validated ? plan.train.metric + " " + to_text(outcome.best_score) : "";
  model.seed = plan.seed;
  model.steps = outcome.best_step;
  model.params = outcome.params;
  task.complete(model);
  return model;
}

// What the side file says of the run whose validation chose the stopping point.
std::string search_of(const std::string& stop_from) {
  if (stop_from.empty()) return "";
  return side_file_member("search", stop_from, short_hash(ModelFile(stop_from).header().hash));
}

void train(const po::variables_map& options) {
  set_threads(options["threads"].as<int>());
  const std::string output = options["output"].as<std::string>();
  const std::string pool = text_of(options, "pool"), stop_from = text_of(options, "stop-from");
  const Config config = read_config(options);
  const auto family = task_family(config);
  refuse_unknown_keys(*family, config);
  const auto plan = family->read(config);
  check_pool_option(config, pool);
  const auto task = plan->open(pool);
  if (options.count("vectors")) task->start_from_vectors(text_of(options, "vectors"));
  config.finish();
  const std::string resolved = config.resolved();
  std::unique_ptr<FrozenTask> validation;
  if (options.count("val")) {
    validation = task->validation(text_of(options, "val"));
    check_validation(*validation, *task, text_of(options, "val"));
  }
  const std::string search = search_of(stop_from);
  watch_signals();
  OutputSet set(output,
                {{kLogEnding, {"{\"step\"", "{\"end\""}}, {kSideEnding, {"{\"train_seconds\""}}});
  const OutputLock state(output + kStateEnding);
  const TrainOutcome outcome = task->trained
                                   ? run_training(options, *plan, *task, validation.get(), resolved)
                                   : untrained(*plan, *task);
  Model model = model_of(outcome, *plan, *task, resolved);
  ModelWriter writer(output, model);
  model.hash = writer.hash();
  const std::string id = short_hash(model.hash);
  const ValidatedOn validated{plan->train.metric, validation ? validation->hash() : "",
                              validation ? validation->split() : "-"};
  set.commit(id,
             {log_file(outcome.log, id), training_side_file(outcome, model, validated, search, id)},
             [&] { writer.commit(); });
  if (task->trained) remove_file(output + kStateEnding);
  write_stdout(output + "\t" + std::to_string(model.steps) + "\t" +
               (outcome.validated ? to_text(outcome.best_score, 5) : "-") + "\t" + model.hash +
               "\n");
}

}  // namespace

int main(int argc, char** argv) try {
  po::options_description options;
  options.add_options()("config", po::value<std::string>(), "JSON configuration, - for stdin")(
      "set", po::value<std::vector<std::string>>()->composing(),
      "one key, e.g. train.steps=300; repeatable")(
      "pool", po::value<std::string>(), "pool to draw episodes from, where they need one")(
      "val", po::value<std::string>(),
      "frozen validation episodes: they choose the stopping point")(
      "stop-from", po::value<std::string>(), "stop at the step that this model's validation chose")(
      "vectors", po::value<std::string>(),
      "word vectors that known words of texts start from, .vec or GloVe as text")(
      "threads", po::value<int>()->default_value(cores(), "all cores"),
      "changes no bit of the output")("checkpoint-seconds",
                                      po::value<double>()->default_value(30, "30"),
                                      "time between checkpoints")(
      "restart", po::bool_switch(), "set a checkpoint aside and begin anew")(
      "quiet,q", "no progress line")("output,o", po::value<std::string>()->required(),
                                     "model file");
  return run_tool(argc, argv, kInfo, options, {}, train);
} catch (const std::bad_alloc&) {
  return out_of_memory(kInfo);
}
