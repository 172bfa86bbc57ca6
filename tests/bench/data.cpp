#include "bench/data.hpp"

#include <cmath>
#include <numbers>

#include "base/file.hpp"
#include "bench/maml.hpp"
#include "train/model.hpp"
#include "train/trainer.hpp"

namespace attune::bench {
namespace {

constexpr std::uint32_t kClasses = 1692, kExamples = 20, kSide = 28;
constexpr std::uint64_t kSeed = 1;
// Of episodes whose first steps have no near ties in a pooling window: with 5 images in a batch, a
// tie that rounding decides otherwise moves the loss by 1e-3, on either side.
constexpr std::uint64_t kMamlSeed = 2;

// A pen of 2×2 pixels that walks with smoothly changing direction; examples differ by noise in the
// start and in each turn.
void draw(std::uint32_t c, std::uint32_t example, std::uint8_t* pixels) {
  constexpr int kStrokes = 3, kLength = 18;
  Rng character(kSeed, "character", c), hand(kSeed, "hand", c, example);
  for (int stroke = 0; stroke < kStrokes; ++stroke) {
    double x = character.uniform(5, kSide - 6) + hand.normal() * 0.7;
    double y = character.uniform(5, kSide - 6) + hand.normal() * 0.7;
    double angle = character.uniform(0, 2 * std::numbers::pi);
    const double bend = character.normal() * 0.15;
    for (int i = 0; i < kLength; ++i) {
      angle += bend + hand.normal() * 0.1;
      x = std::clamp(x + std::cos(angle), 0.0, kSide - 2.0);
      y = std::clamp(y + std::sin(angle), 0.0, kSide - 2.0);
      const auto at = static_cast<std::size_t>(y) * kSide + static_cast<std::size_t>(x);
      for (const std::size_t offset : {0U, 1U, kSide, kSide + 1}) pixels[at + offset] = 255;
    }
  }
}

std::shared_ptr<Pool> make_pool() {
  auto pool = std::make_shared<Pool>();
  pool->example_shape = {1, kSide, kSide};
  pool->pixels.resize(std::size_t{kClasses} * kExamples * kSide * kSide);
  pool->title = "strokes";
  pool->source = "{}";
  pool->group_name = {""};
  for (std::uint32_t c = 0; c < kClasses; ++c) {
    pool->class_name.push_back("character " + std::to_string(c));
    pool->class_split.push_back(0);
    pool->class_of_origin.push_back(c);
    for (std::uint32_t example = 0; example < kExamples; ++example) {
      draw(c, example, pool->pixels.data() + pool->y.size() * kSide * kSide);
      pool->y.push_back(c);
      pool->group.push_back(0);
    }
  }
  return pool;
}

std::shared_ptr<EpisodeFile> write_some(const std::string& path, const Pool& pool,
                                        EpisodeShape shape, std::size_t count,
                                        std::uint64_t seed = kSeed) {
  auto file = std::make_shared<EpisodeFile>(draw_episodes(pool, "train", shape, count, seed, true));
  write_episodes(path, *file);
  return file;
}

void write_weights(const std::string& path, const Pool& pool, const Params& params,
                   std::size_t steps) {
  Model model;
  model.config = training_config(steps).resolved();
  model.trained_on = pool.title + ":train";
  model.pool_hash = pool.hash;
  model.seed = kSeed;
  model.steps = steps;
  model.params = params;
  write_model(path, model);
}

}  // namespace

Config training_config(std::size_t steps) {
  return Config::parse(
      R"({"learner": {"kind": "prototypical", "encoder": {"kind": "conv4", "filters": 64}},)"
      R"( "train": {"learning_rate": 0.001, "schedule": {"kind": "constant"}, "steps": )" +
          std::to_string(steps) + "}}",
      "bench");
}

std::shared_ptr<const Pool> load_pool(const std::string& folder) {
  return std::make_shared<const Pool>(read_pool(folder + "/pool.h5"));
}

std::shared_ptr<const EpisodeFile> load_episodes(const std::string& folder,
                                                 const std::string& name) {
  return std::make_shared<const EpisodeFile>(read_episodes(folder + "/" + name + ".h5"));
}

void write_data(const std::string& folder, std::size_t episodes) {
  constexpr std::size_t kEnough = 64, kSteps = 30;
  make_folders(folder);
  const auto pool = make_pool();
  write_pool(folder + "/pool.h5", *pool);
  const auto train20 = write_some(folder + "/train20.h5", *pool, {20, 1, kTrainQueries}, kEnough);
  write_some(folder + "/train60.h5", *pool, {60, 1, kTrainQueries}, kEnough);
  write_some(folder + "/maml.h5", *pool, {5, 1, kMamlQueries}, kEnough, kMamlSeed);
  write_some(folder + "/evaluate.h5", *pool, {20, 1, kEvaluateQueries}, episodes);

  const TaskConfig task(training_config(kSteps));
  const auto problem = frozen_problem(make_learner(task.learner, *pool), pool, train20);
  Rng init(kSeed, "init");
  write_weights(folder + "/start.h5", *pool, problem->init(init), 0);
  TrainRun run;
  run.training = problem.get();
  run.seed = kSeed;
  run.quiet = true;
  write_weights(folder + "/trained.h5", *pool, meta_train(task.train, run).params, kSteps);
  write_weights(folder + "/maml-start.h5", *pool, maml_init(init), 0);
}

}  // namespace attune::bench
