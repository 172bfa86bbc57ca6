#include "train/open_model.hpp"

namespace attune {
namespace {

std::string short_hash(const std::string& hash) { return hash.substr(0, 16); }

// The learner of the model, with its weights, for the examples of the pool. What does not fit is
// an error of the files, never of the options.
void rebuild(OpenModel& open, const std::string& path) {
  try {
    open.learner = make_learner(open.config.child("learner"), *open.pool);
    Rng unused(0, "init");
    Params shape;
    open.learner->init(shape, unused);
    open.params = read_model_params(path, shape);
  } catch (const Error& error) {
    throw Error(std::string(error.what()) + " (for examples of shape " +
                input_shape(*open.pool).example.text() + " in " + open.pool->origin + ")");
  }
}

}  // namespace

OpenModel open_model(const std::string& model, const std::string& pool,
                     const std::string& episodes) {
  OpenModel open;
  open.model = read_model_header(model);
  open.config = Config::parse(open.model.config, model + ": /config");
  open.pool = std::make_shared<Pool>(read_pool(pool));
  open.file = std::make_shared<EpisodeFile>(read_episodes(episodes));
  rebuild(open, model);
  check_episodes(*open.file, *open.pool);
  if (open.file->count() == 0) throw Error(episodes + ": want episodes, have none");
  return open;
}

std::vector<std::string> row_columns() {
  return {"cell",  "trained_on", "seed",  "test",   "episode_file",
          "model", "ways",       "shots", "queries"};
}

std::vector<std::string> row_fields(const OpenModel& open, const std::string& cell,
                                    const std::string& test) {
  const EpisodeShape& shape = open.file->shape;
  const std::string ways = std::to_string(shape.ways), shots = std::to_string(shape.shots);
  return {cell.empty() ? open.config.child("learner").text("kind", "matching", "") : cell,
          open.model.trained_on,
          std::to_string(open.model.seed),
          test.empty() ? ways + "w" + shots + "s" : test,
          short_hash(open.file->hash),
          short_hash(open.model.hash),
          ways,
          shots,
          std::to_string(shape.queries)};
}

}  // namespace attune
