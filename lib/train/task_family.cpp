#include "train/task_family.hpp"

#include <algorithm>

#include "array/bits.hpp"
#include "base/splits.hpp"
#include "base/text.hpp"

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

void refuse_unknown_keys(const ModelFile& model) {
  try {
    refuse_unknown_keys(*task_family(model.config()), model.config());
  } catch (const UsageError& error) {
    throw Error(error.what());  // a strange file, not a wrong option
  }
}

std::unique_ptr<TestedModel> open_tested(const ModelFile& model, const std::string& pool,
                                         const std::string& episodes) {
  check_pool_option(model.config(), pool);
  refuse_unknown_keys(model);
  auto tested = task_family(model.config())->open(model, pool, episodes);
  tested->head.origin = with_model(tested->head.origin, model.header());
  return tested;
}

RowOrigin with_model(RowOrigin origin, const Model& model) {
  origin.trained_pool = model.trained_on == "-" ? "-" : short_hash(model.pool_hash);
  origin.config = configuration_hash(model.config);
  origin.bits = class_of_bits();
  if (!model.bits.empty() && model.bits != origin.bits)
    origin.bits = model.bits + "/" + origin.bits;
  return origin;
}

bool share_a_split(const std::string& one, const std::string& other) {
  const std::vector<std::string> parts = split(one, '+'), others = split(other, '+');
  return std::ranges::any_of(parts, [&](const std::string& part) {
    return std::ranges::find(split_names(), part) != split_names().end() &&
           std::ranges::find(others, part) != others.end();
  });
}

std::string split_of(const std::string& trained_on) {
  const std::size_t colon = trained_on.rfind(':');
  return colon == std::string::npos ? "-" : trained_on.substr(colon + 1);
}

void check_validation(const FrozenTask& validation, const TrainingTask& task,
                      const std::string& path) {
  const std::string drawn = validation.split();
  if (share_a_split(drawn, "test"))
    throw UsageError("--val: want episodes of validation classes, have " + path + " of split " +
                     drawn + ": test classes must not choose the stopping point");
  if (share_a_split(drawn, task.split))
    throw UsageError("--val: want episodes of classes that are not trained on, have " + path +
                     " of split " + drawn + " in a training on split " + task.split);
}

}  // namespace attune
