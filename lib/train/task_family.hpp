#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/registry.hpp"
#include "base/schema.hpp"
#include "learner/problem.hpp"
#include "train/model.hpp"
#include "train/row_head.hpp"
#include "train/settings.hpp"

namespace attune {

// Frozen episodes of a file with a learner bound to them: a validation or a test.
struct FrozenTask {
  virtual ~FrozenTask() = default;
  virtual std::size_t count() const = 0;  // episodes, numbered from 0; at least 1
  virtual std::string hash() const = 0;   // of the file's content
  // That the episodes were drawn from: "test"; "-" where the family has none.
  virtual std::string split() const = 0;
  // Mode::evaluate, or Mode::transductive where the family has such a reading, else UsageError.
  virtual std::unique_ptr<Problem> problem(Mode mode) const = 0;
};

// A trained model with the frozen episodes that it is tested on: what attune-evaluate scores.
struct TestedModel {
  virtual ~TestedModel() = default;
  // Cell and test as the family calls them when nobody else does; of its origin what is tested.
  RowHead head;
  std::vector<ScoreColumn> scores;  // the first is the one that tables show
  Params params;
  bool own_data = false;  // tested on what it was trained on
  virtual const FrozenTask& frozen() const = 0;
  // Members of the side file, each with its comma before it, that tell the multiply-adds of one
  // episode as the kernels count them: multiply_adds_per_episode, and, where an episode is encoded
  // first, multiply_adds_after_encoding. "" where nothing is multiplied. Of texts also how much of
  // the tested split the model knows.
  virtual std::string work_members() const = 0;
};

// A configuration of attune-train bound to its data.
struct TrainingTask {
  virtual ~TrainingTask() = default;
  std::string data_hash;    // of what is trained on; part of the model and of its checkpoints
  std::string trained_on;   // "omniglot-vinyals:train+val"; tables split it at the last colon
  std::string split = "-";  // that training draws from: "train+val"; "-" where there is none
  bool trained = true;      // false: a floor, whose weights, if any, are those it starts with
  std::string start_hash;   // of what the weights start from beside the seed; part of checkpoints
  virtual std::unique_ptr<Problem> problem() const = 0;
  virtual Params initial(Rng& rng) const = 0;  // weights to start with
  // The episodes of a file, which choose the stopping point. Error when they don't fit.
  virtual std::unique_ptr<FrozenTask> validation(const std::string& path) const = 0;
  // Lets the weights of words start from a file of word vectors. UsageError without texts.
  virtual void start_from_vectors(const std::string& path);
  // Writes into the model what it has to know of its data beside the weights.
  virtual void complete(Model&) const {}
};

// A configuration of attune-train, read and checked, before any data is opened.
struct TrainingPlan {
  explicit TrainingPlan(TrainSettings settings) : train(std::move(settings)) {}
  virtual ~TrainingPlan() = default;
  std::uint64_t seed = 0;
  TrainSettings train;
  // Opens the data. Reads those keys of the configuration whose meaning hangs on them. `pool` is
  // the path given as --pool, "" without one.
  virtual std::unique_ptr<TrainingTask> open(const std::string& pool) const = 0;
};

// What attune-sample is asked for. `path` of the file to write.
struct SampleOrder {
  std::string pool;  // path, "" where the family has none
  std::string split;
  std::uint64_t episodes = 0, seed = 0;
  std::string path;
  std::function<void(const std::string&)> note;  // told what the user should know; may be empty
};

// A kind of task that can be meta-learned, as the programs see it: they know nothing else of it.
// One file each; its last line registers it. A configuration names its family under "task", without
// which it is one of few-shot classification.
struct TaskFamily {
  virtual ~TaskFamily() = default;
  // Whether it needs the file given as --pool; if not, the option is refused.
  virtual bool has_pool() const = 0;
  virtual std::unique_ptr<TrainingPlan> read(const Config& root) const = 0;
  // Reads every key that a training's configuration may have, whatever the data are: for the schema
  // and to find unknown keys before the data are opened.
  virtual void read_all(const Config& root) const = 0;
  // Errors are of the files, never of options.
  virtual std::unique_ptr<TestedModel> open(const ModelFile& model, const std::string& pool,
                                            const std::string& episodes) const = 0;
  // Writes frozen episodes as `config` describes them, reading all of it; returns the content hash.
  virtual std::string sample(const Config& config, const SampleOrder& order) const = 0;
};
using TaskFamilyRegistry = Registry<TaskFamily>;

// The family that the configuration names, and "classification" where it names none: then nothing
// is read, so that what was made before there were others keeps its hash.
std::string family_name(const Config& root);
std::unique_ptr<TaskFamily> task_family(const Config& root);

// UsageError when a pool is given to a family without one, or missing.
void check_pool_option(const Config& root, const std::string& pool);

// UsageError for the first key of a training's configuration that nothing reads, before any data is
// opened, so that a misspelt key is told before what does not fit the data. Says nothing of a
// configuration that is refused for other reasons: whoever reads it in earnest will.
void refuse_unknown_keys(const TaskFamily& family, const Config& config);

// Every key of a training's configuration, of all families.
std::vector<SchemaField> training_schema();

// Error for a key of the model's configuration that nothing reads: it would change what the model
// is, and nobody knows how.
void refuse_unknown_keys(const ModelFile& model);

// Reads the files of a test. Error when one can't be read or they don't belong together; UsageError
// for a pool that the model's family doesn't have.
std::unique_ptr<TestedModel> open_tested(const ModelFile& model, const std::string& pool,
                                         const std::string& episodes);

// What rows say of the model, beside what the family says of the test.
RowOrigin with_model(RowOrigin tested, const Model& model);

// Whether two splits, each some of train, val and test joined by '+', have one in common.
bool share_a_split(const std::string& one, const std::string& other);
// The split in "omniglot-vinyals:train+val"; "-" where there is none.
std::string split_of(const std::string& trained_on);

// UsageError when the episodes of --val are of test classes, or of classes that the training draws
// from: they could not choose a stopping point.
void check_validation(const FrozenTask& validation, const TrainingTask& task,
                      const std::string& path);

}  // namespace attune
