// Few-shot classification: episodes of a labelled pool.
#include "base/error.hpp"
#include "train/open_model.hpp"
#include "train/side_file.hpp"
#include "train/task.hpp"
#include "train/task_family.hpp"
#include "train/text_task.hpp"

namespace attune {
namespace {

class Frozen : public FrozenTask {
 public:
  Frozen(std::shared_ptr<const Learner> learner, std::shared_ptr<const Pool> pool,
         std::shared_ptr<const EpisodeFile> file)
      : learner_(std::move(learner)), pool_(std::move(pool)), file_(std::move(file)) {}
  std::size_t count() const override { return file_->count(); }
  std::string hash() const override { return file_->hash; }
  std::string split() const override { return file_->split; }
  std::unique_ptr<Problem> problem(Mode mode) const override {
    return frozen_problem(learner_, pool_, file_, mode);
  }

 private:
  std::shared_ptr<const Learner> learner_;
  std::shared_ptr<const Pool> pool_;
  std::shared_ptr<const EpisodeFile> file_;
};

class Task : public TrainingTask {
 public:
  Task(const TaskConfig& config, const std::string& path)
      : config_(config),
        pool_(std::make_shared<Pool>(read_pool(path))),
        text_(training_text(*pool_, config.split)),
        learner_(make_learner(config.learner, *pool_, text_)) {
    data_hash = pool_->hash;
    split = config.split;
    trained = learner_->claims().trained;
    trained_on = trained ? pool_->title + ":" + config.split : "-";
  }
  std::unique_ptr<Problem> problem() const override {
    return training_problem(config_, learner_, pool_);
  }
  Params initial(Rng& rng) const override {
    Params params;
    learner_->init(params, rng);
    return params;
  }
  std::unique_ptr<FrozenTask> validation(const std::string& path) const override {
    return std::make_unique<Frozen>(learner_, pool_,
                                    std::make_shared<EpisodeFile>(read_episodes(path)));
  }
  void start_from_vectors(const std::string& path) override {
    if (!text_) TrainingTask::start_from_vectors(path);
    text_ = training_text(*pool_, config_.split, path);
    learner_ = make_learner(config_.learner, *pool_, text_);
    start_hash = text_->vectors->hash;
  }
  void complete(Model& model) const override {
    if (text_) model.vocabulary = text_->vocabulary;
  }

 private:
  TaskConfig config_;
  std::shared_ptr<const Pool> pool_;
  std::shared_ptr<const TextInput> text_;  // null but of texts
  std::shared_ptr<const Learner> learner_;
};

struct Plan : TrainingPlan {
  explicit Plan(const TaskConfig& read) : TrainingPlan(read.train), config(read) {
    seed = read.seed;
  }
  std::unique_ptr<TrainingTask> open(const std::string& pool) const override {
    return std::make_unique<Task>(config, pool);
  }
  TaskConfig config;
};

class Tested : public TestedModel {
 public:
  explicit Tested(const OpenModel& open)
      : open_(open), frozen_(open.learner, open.pool, open.file) {
    head = row_head(open);
    scores = {{"accuracy"}, {"loss", 6}};
    params = open.params;
    own_data = open.model.pool_hash == open.pool->hash;
  }
  const FrozenTask& frozen() const override { return frozen_; }
  std::string work_members() const override {
    const EpisodeWork work = episode_work(*open_.learner, open_.params, *open_.pool,
                                          open_.file->episode(0), open_.file->shape.ways);
    return ", \"multiply_adds_per_episode\": " + std::to_string(work.encoding + work.answering) +
           ", \"multiply_adds_after_encoding\": " + std::to_string(work.answering) + text_member();
  }

 private:
  std::string text_member() const {
    if (!open_.pool->is_text()) return "";
    const auto text = make_text_input(open_.pool->tokens.word, open_.model.vocabulary);
    const KnownWords count = known_words(*open_.pool, *text, open_.file->split);
    return ", \"text\": {\"words\": " + std::to_string(count.words) +
           ", \"known_words\": " + std::to_string(count.known_words) +
           ", \"tokens\": " + std::to_string(count.tokens) +
           ", \"known_tokens\": " + std::to_string(count.known_tokens) +
           ", \"texts\": " + std::to_string(count.texts) +
           ", \"unknown_texts\": " + std::to_string(count.unknown_texts) + "}";
  }

  OpenModel open_;
  Frozen frozen_;
};

class ClassificationFamily : public TaskFamily {
 public:
  bool has_pool() const override { return true; }
  std::unique_ptr<TrainingPlan> read(const Config& root) const override {
    return std::make_unique<Plan>(TaskConfig(root));
  }
  void read_all(const Config& root) const override {
    const TaskConfig task(root);
    const auto make = [&](const InputShape& input) {
      LearnerRegistry::make(task.learner, "matching", input);
    };
    try {
      constexpr std::size_t kSide = 1 << 16;  // images that every number of blocks fits
      make(InputShape{Shape{1, kSide, kSide}});
    } catch (const UsageError&) {
      make(InputShape{Shape{2, 1}, make_text_input({"word"}, {})});  // of marked texts: all keys
    }
  }
  std::unique_ptr<TestedModel> open(const ModelFile& model, const std::string& pool,
                                    const std::string& episodes) const override {
    return std::make_unique<Tested>(open_model(model, pool, episodes));
  }
  std::string sample(const Config& config, const SampleOrder& order) const override {
    const Config node = config.child("episodes");
    const EpisodeShape shape = episode_shape(node, EpisodeShape{});
    const bool without = node.flag("without_replacement", false, "use no example in two episodes");
    config.finish();
    EpisodeFile file = draw_episodes(read_pool(order.pool), order.split, shape, order.episodes,
                                     order.seed, !without);
    if (file.classes_left_out > 0 && order.note)
      order.note(std::to_string(file.classes_left_out) +
                 " classes have groups that can't be shared out and are left out");
    return write_episodes(order.path, file);
  }
};

const Register<TaskFamily> part{
    "classification", "few-shot classification: a labelled pool, support and queries",
    [](const Config&) { return std::make_unique<ClassificationFamily>(); }};

}  // namespace
}  // namespace attune
