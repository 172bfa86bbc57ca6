#include "train/task_family.hpp"

namespace attune {
namespace {

constexpr const char* kFirst = "classification";

std::string read_name(const Config& root) {
  return root.choice("task", kFirst, TaskFamilyRegistry::names(), "kind of task that is learned");
}

std::unique_ptr<TaskFamily> family_called(const std::string& name) {
  return TaskFamilyRegistry::entries().at(name).make(Config());
}

}  // namespace

void TrainingTask::start_from_vectors(const std::string& path) {
  throw UsageError("--vectors: want a task of labelled texts, have " + path + " for another");
}

std::string family_name(const Config& root) { return root.has("task") ? read_name(root) : kFirst; }

std::unique_ptr<TaskFamily> task_family(const Config& root) {
  return family_called(family_name(root));
}

void check_pool_option(const Config& root, const std::string& pool) {
  const std::string name = family_name(root);
  if (family_called(name)->has_pool() && pool.empty())
    throw UsageError("--pool: want the file of data that a task of " + name + " is drawn from, " +
                     "have none");
  if (!family_called(name)->has_pool() && !pool.empty())
    throw UsageError("--pool: want none for a task of " + name + ", have " + pool);
}

void refuse_unknown_keys(const TaskFamily& family, const Config& config) {
  const Config read = config.clone();
  try {
    family_name(read);
    family.read_all(read);
  } catch (const UsageError&) {
    return;
  }
  read.finish();
}

std::vector<SchemaField> training_schema() {
  return explore_schema([](const Config& root) { family_called(read_name(root))->read_all(root); });
}

std::unique_ptr<TestedModel> open_tested(const std::string& model, const std::string& pool,
                                         const std::string& episodes) {
  Model header = read_model_header(model);
  const Config config = Config::parse(header.config, model + ": /config");
  check_pool_option(config, pool);
  return task_family(config)->open(std::move(header), config, model, pool, episodes);
}

}  // namespace attune
