#include "bench/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/file.hpp"
#include "bench/watched.hpp"
#include "train/model.hpp"
#include "train/task.hpp"
#include "train/text_task.hpp"

namespace attune::bench {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::uint32_t kClasses = 100, kExamples = 20, kWords = 5000, kShortest = 4, kLongest = 32;
constexpr const char* kVaried = "text";
constexpr const char* kFull = "text32";

Config config() {
  return Config::parse(
      R"({"learner": {"kind": "matching", "encoder": {"kind": "transformer", "layers": 2,)"
      R"( "self": {"heads": 4}, "dropout": 0,)"
      R"( "embedding": {"features": 128, "unknown": 0, "dropout": 0}}},)"
      R"( "train": {"learning_rate": 0.001, "schedule": {"kind": "constant"}, "steps": )" +
          std::to_string(std::numeric_limits<std::int32_t>::max() / 4) + "}}",
      "bench");
}

// About log-normal, as sentences are: half of them of 8 to 17 tokens, 1 in 30 of all 32.
std::uint32_t length_of(Rng& rng) {
  const double tokens = std::exp(std::log(12.0) + 0.55 * rng.normal());
  return static_cast<std::uint32_t>(std::clamp<double>(tokens, kShortest, kLongest));
}

// Ranks by Zipf's law: the n-th word 1/n as often as the first.
std::uint32_t word_of(Rng& rng) {
  return static_cast<std::uint32_t>(std::exp(rng.uniform() * std::log(double{kWords}))) - 1;
}

// Every third word is one of 40 that belong to the class.
void write_words(std::uint32_t c, std::uint32_t example, bool full, Tokens& tokens) {
  constexpr std::uint32_t kOwn = 40;
  Rng rng(kSeed, "text", c, example);
  const std::uint32_t length = full ? kLongest : length_of(rng);
  for (std::uint32_t t = 0; t < length; ++t)
    tokens.token.push_back(
        rng.below(3) == 0
            ? (c * kOwn + static_cast<std::uint32_t>(rng.below(kOwn))) % (kWords / 2) + kWords / 2
            : word_of(rng));
}

std::string text_of(const Tokens& tokens, std::uint32_t begin) {
  std::string text;
  for (std::size_t i = begin; i < tokens.token.size(); ++i)
    text += (i > begin ? " " : "") + tokens.word[tokens.token[i]];
  return text;
}

std::shared_ptr<Pool> make_pool(bool full) {
  auto pool = std::make_shared<Pool>();
  pool->title = "words";
  pool->source = "{}";
  pool->group_name = {""};
  Tokens& tokens = pool->tokens;
  for (std::uint32_t word = 0; word < kWords; ++word)
    tokens.word.push_back("word" + std::to_string(word));
  tokens.begin.push_back(0);
  for (std::uint32_t c = 0; c < kClasses; ++c) {
    pool->class_name.push_back("topic " + std::to_string(c));
    pool->class_split.push_back(0);
    pool->class_of_origin.push_back(c);
    for (std::uint32_t example = 0; example < kExamples; ++example) {
      write_words(c, example, full, tokens);
      tokens.text.push_back(text_of(tokens, tokens.begin.back()));
      tokens.begin.push_back(static_cast<std::uint32_t>(tokens.token.size()));
      pool->y.push_back(c);
      pool->group.push_back(0);
    }
  }
  pool->example_shape = {1, static_cast<std::uint32_t>(tokens.longest())};
  return pool;
}

void write_case(const std::string& folder, const std::string& name) {
  constexpr std::size_t kEnough = 64;
  const std::string start = folder + "/" + name;
  const auto pool = make_pool(name == kFull);
  write_pool(start + "-pool.h5", *pool);
  EpisodeFile file = draw_episodes(*pool, "train", {20, 5, 5}, kEnough, kSeed, true);
  write_episodes(start + "-episodes.h5", file);

  const Config root = config();
  const TaskConfig task(root);
  const auto text = training_text(*pool, task.split);
  Rng init(kSeed, "init");
  Model model;
  make_learner(task.learner, *pool, text)->init(model.params, init);
  model.config = root.resolved();
  model.trained_on = "-";
  model.pool_hash = pool->hash;
  model.seed = kSeed;
  model.vocabulary = text->vocabulary;
  write_model(start + "-start.h5", model);
}

}  // namespace

bool is_text_case(const std::string& name) { return name == kVaried || name == kFull; }

void write_text_data(const std::string& folder) {
  make_folders(folder);
  for (const char* name : {kVaried, kFull}) write_case(folder, name);
}

void time_text(const std::string& folder, const std::string& name, Rounds& rounds) {
  const std::string start = folder + "/" + name;
  const TaskConfig task(config());
  const auto pool = std::make_shared<const Pool>(read_pool(start + "-pool.h5"));
  const auto file = std::make_shared<const EpisodeFile>(read_episodes(start + "-episodes.h5"));
  const auto learner = make_learner(task.learner, *pool, training_text(*pool, task.split));
  const auto problem = frozen_problem(learner, pool, file);
  Rng unused(0, "init");
  Params weights = read_model_params(start + "-start.h5", problem->init(unused));
  time_training(*problem, std::move(weights), task.train, file->count(), rounds);
}

}  // namespace attune::bench
