// Few-shot translation: languages of a pool of pairs. Models that learn it, and floors, which are
// not trained.
#include "array/multiply_adds.hpp"
#include "base/splits.hpp"
#include "train/open_translation.hpp"
#include "train/task_family.hpp"

namespace attune {
namespace {

class Frozen : public FrozenTask {
 public:
  Frozen(std::shared_ptr<const OpenTranslator> translator,
         std::shared_ptr<const PairEpisodeFile> file)
      : translator_(std::move(translator)), file_(std::move(file)) {}
  std::size_t count() const override { return file_->episodes.size(); }
  std::string hash() const override { return file_->hash; }
  std::string split() const override { return file_->split; }
  std::unique_ptr<Problem> problem(Mode mode) const override {
    if (mode == Mode::transductive)
      throw UsageError("--transductive: want a task of classification, have one of translation");
    return translator_->frozen(file_);
  }
  const PairEpisodeFile& file() const { return *file_; }

 private:
  std::shared_ptr<const OpenTranslator> translator_;
  std::shared_ptr<const PairEpisodeFile> file_;
};

TrainSettings read_settings(const Config& train) {
  TrainSettings settings(train, "exact_match");
  train.choice("metric", "exact_match", {"exact_match", "chrf"}, "");
  return settings;
}

struct Plan : TrainingPlan {
  explicit Plan(const Config& root)
      : TrainingPlan(read_settings(root.child("train"))),
        translator(root),
        split(root.choice("split", "train", {"train", "train+val"}, "languages trained on")),
        shape(pair_shape(root.child("episodes"), {20, 5, "kept"})),
        fewest_shots(fewest(root.child("episodes"), shape.shots)),
        augment(root.child("augment")) {
    seed = static_cast<std::uint64_t>(root.integer("seed", 0,
                                                   {0, std::numeric_limits<std::int64_t>::max()},
                                                   "of weights, episodes and symbols"));
  }
  std::unique_ptr<TrainingTask> open(const std::string& path) const override;
  TranslatorPlan translator;
  std::string split;
  PairShape shape;
  std::uint32_t fewest_shots;
  PairAugment augment;

 private:
  static std::uint32_t fewest(const Config& episodes, std::uint32_t shots) {
    const auto asked = static_cast<std::uint32_t>(episodes.integer(
        "fewest_shots", 0, {0, 1 << 20},
        "training episodes have between so many support pairs and \"shots\"; 0: \"shots\""));
    if (asked > shots)
      throw UsageError(episodes.origin() + ": episodes.fewest_shots: want at most the " +
                       std::to_string(shots) + " shots, have " + std::to_string(asked));
    return asked == 0 ? shots : asked;
  }
};

struct Task : TrainingTask {
  Task(const Plan& of, const std::string& path)
      : plan(of),
        translator(std::make_shared<OpenTranslator>(of.translator, open_pairs(path), of.seed,
                                                    of.split, nullptr)) {
    data_hash = translator->pool()->hash;
    split = plan.split;
    trained = translator->learns();
    if (trained)
      trained_on = translator->pool()->title + ":" + plan.split;
    else
      trained_on.assign(1, '-');  // of one letter: GCC 12 warns of the literal
  }
  std::unique_ptr<Problem> problem() const override {
    const auto pool = translator->pool();
    const auto sampler =
        std::make_shared<PairSampler>(*pool, places_of_split(pool->language_split, plan.split),
                                      plan.shape, plan.seed, "train-episodes");
    const auto shots = [fewest = plan.fewest_shots, most = plan.shape.shots,
                        rng = Rng(plan.seed, "shots")](std::uint64_t number) {
      return fewest + static_cast<std::uint32_t>(rng.at(number).below(most - fewest + 1));
    };
    return translator_problem(translator->bound(
        [pool, sampler, shots](std::uint64_t number) {
          PairEpisode episode = (*sampler)(number);
          episode.support.resize(shots(number));
          return episode;
        },
        "train", &plan.augment));
  }
  Params initial(Rng& rng) const override { return translator->initial(rng); }
  std::unique_ptr<FrozenTask> validation(const std::string& path) const override {
    auto file = std::make_shared<PairEpisodeFile>(read_pair_episodes(path));
    check_pair_episodes(*file, *translator->pool());
    return std::make_unique<Frozen>(translator, std::move(file));
  }
  void complete(Model& model) const override { model.vocabulary = translator->words(); }
  const Plan& plan;
  std::shared_ptr<const OpenTranslator> translator;
};

std::unique_ptr<TrainingTask> Plan::open(const std::string& path) const {
  return std::make_unique<Task>(*this, path);
}

class Tested : public TestedModel {
 public:
  explicit Tested(OpenTranslation open)
      : kind_(open.kind), translator_(open.translator), frozen_(open.translator, open.file) {
    params = std::move(open.params);
    const Model& model = open.model;
    own_data = model.pool_hash == translator_->pool()->hash;
    const PairEpisodeFile& file = frozen_.file();
    head = {kind_,
            model.trained_on,
            std::to_string(model.seed),
            file.title,
            short_hash(file.hash),
            short_hash(model.hash),
            {{"shots", file.shape.shots}, {"queries", file.shape.queries}},
            {}};
    head.origin.split = file.split;
    head.origin.tested_on = translator_->pool()->title;
    head.origin.tested_pool = short_hash(translator_->pool()->hash);
    scores = {{"exact_match"}, {"chrf", 6}, {"cer", 6}, {"language", 0}, {"group", 0}};
  }
  const FrozenTask& frozen() const override { return frozen_; }
  std::string work_members() const override {
    if (!translator_->learns()) return "";
    const std::uint64_t before = multiply_adds();
    const std::vector<std::uint64_t> first = {0};
    (*frozen_.problem(Mode::evaluate)->evaluator(params))(first);
    return ", \"multiply_adds_per_episode\": " + std::to_string(multiply_adds() - before);
  }

 private:
  std::string kind_;
  std::shared_ptr<const OpenTranslator> translator_;
  Frozen frozen_;
};

class TranslationFamily : public TaskFamily {
 public:
  bool has_pool() const override { return true; }
  std::unique_ptr<TrainingPlan> read(const Config& root) const override {
    return std::make_unique<Plan>(root);
  }
  void read_all(const Config& root) const override { Plan plan(root); }
  std::unique_ptr<TestedModel> open(const ModelFile& model, const std::string& pool,
                                    const std::string& episodes) const override {
    try {
      return std::make_unique<Tested>(open_translation(model, pool, episodes));
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
