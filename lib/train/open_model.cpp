#include "train/open_model.hpp"

#include "train/task.hpp"
#include "train/task_family.hpp"

namespace attune {
namespace {

// What the model knows of the pool's words; null where there are none.
std::shared_ptr<const TextInput> text_input_of(const OpenModel& open) {
  if (!open.pool->is_text()) return nullptr;
  return make_text_input(open.pool->tokens.word, open.model.vocabulary);
}

// The learner of the model, with its weights, for the examples of the pool. What does not fit is
// an error of the files, never of the options.
void rebuild(OpenModel& open, const ModelFile& model) {
  try {
    open.learner = make_learner(open.config.child("learner"), *open.pool, text_input_of(open));
    Rng unused(0, "init");
    Params shape;
    open.learner->init(shape, unused);
    open.params = model.params(shape);
  } catch (const Error& error) {
    throw Error(std::string(error.what()) + " (for examples of shape " +
                input_shape(*open.pool).example.text() + " in " + open.pool->origin + ")");
  }
}

}  // namespace

OpenModel open_model(const ModelFile& model, const std::string& pool, const std::string& episodes) {
  OpenModel open;
  open.model = model.header();
  open.config = model.config();
  if (const std::string task = family_name(open.config); task != "classification")
    throw Error(model.path() + ": want a model of classification, have one of " + task);
  open.pool = std::make_shared<Pool>(read_pool(pool));
  open.file = std::make_shared<EpisodeFile>(read_episodes(episodes));
  rebuild(open, model);
  check_episodes(*open.file, *open.pool);
  if (open.file->count() == 0) throw Error(episodes + ": want episodes, have none");
  return open;
}

RowHead row_head(const OpenModel& open) {
  const EpisodeShape& shape = open.file->shape;
  RowHead head;
  head.cell = open.config.child("learner").text("kind", "matching", "");
  head.trained_on = open.model.trained_on;
  head.seed = std::to_string(open.model.seed);
  head.test = std::to_string(shape.ways) + "w" + std::to_string(shape.shots) + "s";
  head.episode_file = short_hash(open.file->hash);
  head.model = short_hash(open.model.hash);
  head.shape = {{"ways", shape.ways}, {"shots", shape.shots}, {"queries", shape.queries}};
  head.origin.split = open.file->split;
  head.origin.tested_on = open.pool->title;
  head.origin.tested_pool = short_hash(open.pool->hash);
  head.origin = with_model(head.origin, open.model);
  return head;
}

}  // namespace attune
