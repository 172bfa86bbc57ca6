// Few-shot translation: languages of a pool of pairs. Its floors; they are not trained.
#include "learner/translation.hpp"
#include "train/task_family.hpp"

namespace attune {
namespace {

std::shared_ptr<const PairPool> open_pool(const std::string& path) {
  return std::make_shared<PairPool>(read_pairs(path));
}

class Frozen : public FrozenTask {
 public:
  Frozen(std::shared_ptr<const Translator> translator, std::shared_ptr<const PairPool> pool,
         const std::string& path)
      : translator_(std::move(translator)),
        pool_(std::move(pool)),
        file_(std::make_shared<PairEpisodeFile>(read_pair_episodes(path))) {
    check_pair_episodes(*file_, *pool_);
  }
  std::size_t count() const override { return file_->episodes.size(); }
  std::string hash() const override { return file_->hash; }
  std::unique_ptr<Problem> problem(Mode mode) const override {
    if (mode == Mode::transductive)
      throw UsageError("--transductive: want a task of classification, have one of translation");
    return translation_floor(translator_, pool_, file_);
  }
  const PairEpisodeFile& file() const { return *file_; }

 private:
  std::shared_ptr<const Translator> translator_;
  std::shared_ptr<const PairPool> pool_;
  std::shared_ptr<const PairEpisodeFile> file_;
};

std::shared_ptr<const Translator> read_translator(const Config& root) {
  return TranslatorRegistry::make(root.child("translator"), "analogy");
}

TrainSettings read_settings(const Config& train) {
  TrainSettings settings(train, "exact_match");
  train.choice("metric", "exact_match", {"exact_match", "chrf"}, "");
  return settings;
}

struct Task : TrainingTask {
  Task(std::shared_ptr<const Translator> bound, const std::string& path)
      : translator(std::move(bound)), pool(open_pool(path)) {
    data_hash = pool->hash;
    trained_on.assign(1, '-');  // of one letter: GCC 12 warns of the literal
    trained = false;
  }
  std::unique_ptr<Problem> problem() const override {
    throw std::logic_error("a floor of translation is not trained");
  }
  Params initial(Rng&) const override { return {}; }
  std::unique_ptr<FrozenTask> validation(const std::string& path) const override {
    return std::make_unique<Frozen>(translator, pool, path);
  }
  std::shared_ptr<const Translator> translator;
  std::shared_ptr<const PairPool> pool;
};

struct Plan : TrainingPlan {
  explicit Plan(const Config& root)
      : TrainingPlan(read_settings(root.child("train"))), translator(read_translator(root)) {
    seed = static_cast<std::uint64_t>(
        root.integer("seed", 0, {0, std::numeric_limits<std::int64_t>::max()}, "told in the rows"));
  }
  std::unique_ptr<TrainingTask> open(const std::string& path) const override {
    return std::make_unique<Task>(translator, path);
  }
  std::shared_ptr<const Translator> translator;
};

class Tested : public TestedModel {
 public:
  Tested(const Model& model, const Config& config, const std::string& pool,
         const std::string& episodes)
      : pool_(open_pool(pool)), frozen_(read_translator(config), pool_, episodes) {
    const PairEpisodeFile& file = frozen_.file();
    head = {config.child("translator")
                .choice("kind", "analogy", TranslatorRegistry::names(), "which part"),
            model.trained_on,
            std::to_string(model.seed),
            file.title,
            short_hash(file.hash),
            short_hash(model.hash),
            {{"shots", file.shape.shots}, {"queries", file.shape.queries}}};
    scores = {{"exact_match"}, {"chrf", 6}, {"cer", 6}, {"language", 0}, {"group", 0}};
    own_data = model.pool_hash == pool_->hash;
  }
  const FrozenTask& frozen() const override { return frozen_; }
  std::string work_members() const override { return ""; }

 private:
  std::shared_ptr<const PairPool> pool_;
  Frozen frozen_;
};

class TranslationFamily : public TaskFamily {
 public:
  bool has_pool() const override { return true; }
  std::unique_ptr<TrainingPlan> read(const Config& root) const override {
    return std::make_unique<Plan>(root);
  }
  void read_all(const Config& root) const override { Plan plan(root); }
  std::unique_ptr<TestedModel> open(Model model, const Config& config, const std::string&,
                                    const std::string& pool,
                                    const std::string& episodes) const override {
    try {
      return std::make_unique<Tested>(model, config, pool, episodes);
    } catch (const UsageError& error) {
      throw Error(error.what());  // a damaged file, not a wrong option
    }
  }
  std::string sample(const Config& config, const SampleOrder& order) const override {
    family_name(config);
    const PairShape shape = pair_shape(config.child("episodes"), PairShape{});
    config.finish();
    PairEpisodeFile file =
        draw_pair_episodes(read_pairs(order.pool), order.split, shape, order.episodes, order.seed);
    return write_pair_episodes(order.path, file);
  }
};

const Register<TaskFamily> part{
    "translation", "sentences of a language, from a few pairs with another",
    [](const Config&) { return std::make_unique<TranslationFamily>(); }};

}  // namespace
}  // namespace attune
