#include "train/task.hpp"

namespace attune {
namespace {

std::uint32_t count(const Config& node, std::string_view key, std::int64_t fallback,
                    std::int64_t min, std::string_view doc) {
  return static_cast<std::uint32_t>(node.integer(key, fallback, {min, 1'000'000}, doc));
}

std::size_t partitions_of(const Config& node, const EpisodeShape& shape) {
  const std::uint32_t partitions = count(
      node, "partitions", 1, 1, "ways to divide an episode's examples into support and query");
  if (partitions == 1) return partitions;
  if (shape.distinct_groups)
    throw UsageError(node.origin() + ": " + node.path() +
                     ".partitions: want 1 with distinct_groups, have " +
                     std::to_string(partitions));
  const std::uint32_t most = (shape.shots + shape.queries) / shape.shots;
  if (partitions > most)
    throw UsageError(node.origin() + ": " + node.path() + ".partitions: " +
                     std::to_string(shape.shots + shape.queries) + " examples of a class at " +
                     std::to_string(shape.shots) + " shots allow at most " + std::to_string(most) +
                     ", have " + std::to_string(partitions));
  return partitions;
}

}  // namespace

EpisodeShape episode_shape(const Config& node, EpisodeShape shape) {
  shape.ways = count(node, "ways", shape.ways, 2, "classes of a training episode (N)");
  shape.shots = count(node, "shots", shape.shots, 1, "support examples per class (K)");
  shape.queries = count(node, "queries", shape.queries, 1, "query examples per class");
  shape.distinct_groups =
      node.flag("distinct_groups", false, "support and query share no group (font face, drawer)");
  return shape;
}

TaskConfig::TaskConfig(const Config& root)
    : seed(static_cast<std::uint64_t>(root.integer("seed", 0,
                                                   {0, std::numeric_limits<std::int64_t>::max()},
                                                   "of weights, episodes and augmentation"))),
      split(root.choice("split", "train", {"train", "train+val"}, "classes trained on")),
      episodes(episode_shape(root.child("episodes"), {.ways = 20, .shots = 1, .queries = 5})),
      partitions(partitions_of(root.child("episodes"), episodes)),
      learner(root.child("learner")),
      augment(std::make_shared<Augment>(root.child("augment"))),
      train(root.child("train")) {
  // The scores of Classification: a name that is none of them would be noticed only after the first
  // validation.
  root.child("train").choice("metric", "accuracy", {"accuracy", "loss"}, "");
}

std::shared_ptr<const Learner> make_learner(const Config& learner, const Pool& pool,
                                            std::shared_ptr<const TextInput> text) {
  return LearnerRegistry::make(learner, "matching", input_shape(pool, std::move(text)));
}

std::unique_ptr<Problem> training_problem(const TaskConfig& config,
                                          std::shared_ptr<const Learner> learner,
                                          std::shared_ptr<const Pool> pool) {
  auto sampler = std::make_shared<EpisodeSampler>(*pool, classes_of_split(*pool, config.split),
                                                  config.episodes, config.seed, "train-episodes");
  const EpisodeSource source = [pool, sampler](std::uint64_t number) { return (*sampler)(number); };
  return std::make_unique<Classification>(std::move(learner), std::move(pool), source,
                                          config.episodes.ways, config.augment, config.seed,
                                          config.partitions);
}

std::unique_ptr<Problem> frozen_problem(std::shared_ptr<const Learner> learner,
                                        std::shared_ptr<const Pool> pool,
                                        std::shared_ptr<const EpisodeFile> file, Mode mode) {
  check_episodes(*file, *pool);
  const EpisodeSource source = [file](std::uint64_t number) { return file->episode(number); };
  return std::make_unique<Classification>(std::move(learner), std::move(pool), source,
                                          file->shape.ways, nullptr, 0, 1, mode);
}

}  // namespace attune
