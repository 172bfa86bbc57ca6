#include "bench/translator.hpp"

#include <limits>

#include "base/file.hpp"
#include "bench/watched.hpp"
#include "dataset/pair_reader.hpp"
#include "store/h5.hpp"
#include "train/model.hpp"
#include "train/open_translation.hpp"

namespace attune::bench {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::uint32_t kBatch = 16, kBatches = 8, kShots = 20, kQueries = 5;
constexpr std::uint32_t kTogether[] = {16, 4, 1};

Config config() {
  return Config::parse(
      R"({"task": "translation", "translator": {"kind": "transformer", "features": 128,)"
      R"( "source": {"break": "words"}, "sentence": {"dropout": 0}, "encoder": {"dropout": 0},)"
      R"( "decoder": {"dropout": 0}}, "train": {"batch": )" +
          std::to_string(kBatch) +
          R"(, "learning_rate": 0.001, "schedule": {"kind": "constant"}, "steps": )" +
          std::to_string(std::numeric_limits<std::int32_t>::max() / 4) + "}}",
      "bench");
}

OpenTranslator open(const Config& root, std::shared_ptr<const PairPool> pool) {
  return {TranslatorPlan(root), std::move(pool), kSeed, "train", nullptr};
}

void write_start(const std::string& path, const Config& root, const OpenTranslator& translator) {
  Rng init(kSeed, "init");
  Model model;
  model.config = root.resolved();
  model.trained_on = "-";
  model.pool_hash = translator.pool()->hash;
  model.seed = kSeed;
  model.params = translator.initial(init);
  model.vocabulary = translator.words();
  write_model(path, model);
}

// One group of an HDF5 file for a layout.
class LayoutGroup {
 public:
  LayoutGroup(store::Writer& file, std::string name) : file_(file), name_(std::move(name)) {}
  void numbers(const std::string& name, const Indices& values) const {
    file_.write<std::uint32_t>(name_ + "/" + name, {values.size()}, values, "");
  }
  void array(const std::string& name, const Array& values) const {
    file_.write<float>(name_ + "/" + name, {values.dim(0), values.dim(1)}, values.values(), "");
  }
  void places(const std::string& name, const TargetPlaces& places) const {
    for (std::size_t w = 0; w < places.earlier.size(); ++w)
      numbers(name + ".earlier" + std::to_string(w + 1), places.earlier[w]);
    numbers(name + ".place", places.place);
    numbers(name + ".pair", places.pair);
  }

 private:
  store::Writer& file_;
  std::string name_;
};

void write_layout(store::Writer& file, const std::string& name, const PairLayout& layout) {
  const LayoutGroup group(file, name);
  group.numbers("word", layout.word);
  group.array("word_present", layout.word_present);
  group.places("item", layout.item);
  group.numbers("symbol", layout.symbol);
  group.numbers("next", layout.later.at(0));
  group.numbers("from_end", layout.from_end);
  group.numbers("slot", layout.slot);
  group.array("present", layout.present);
  group.array("target", layout.target);
  group.numbers("memory_symbol", layout.memory_symbol);
  group.numbers("query_pair", layout.query_pair);
  group.places("forced", layout.forced);
  group.numbers("answered", layout.answered);
  group.numbers("answer", layout.answer);
}

void write_layouts(const std::string& path, const BoundTranslator& bound) {
  store::Writer file(path, "attune-bench-layouts", 1);
  for (std::uint32_t batch = 0; batch < kBatches; ++batch) {
    std::vector<SymbolEpisode> episodes;
    for (std::uint32_t i = batch * kBatch; i < (batch + 1) * kBatch; ++i)
      episodes.push_back(bound.symbols(bound.episodes(i), i));
    for (const std::uint32_t together : kTogether)
      for (std::uint32_t first = 0; first < kBatch; first += together)
        write_layout(
            file,
            "/of" + std::to_string(together) + "/batch" + std::to_string(batch) + "/piece" +
                std::to_string(first / together),
            PairLayout(std::span(episodes).subspan(first, together), bound.model->window()));
  }
  file.commit();
}

}  // namespace

void write_translator_data(const std::string& folder) {
  make_folders(folder);
  const std::string start = folder + "/" + kTranslator;
  const Config settings;
  auto pool = std::make_shared<PairPool>(
      PairReaderRegistry::entries().at("numbers").make(settings)->read(""));
  write_pairs(start + "-pairs.h5", *pool);
  auto file = std::make_shared<PairEpisodeFile>(draw_pair_episodes(
      *pool, "train", {kShots, kQueries, "kept"}, std::size_t{kBatch} * kBatches, kSeed));
  write_pair_episodes(start + "-episodes.h5", *file);
  const Config root = config();
  const OpenTranslator translator = open(root, pool);
  write_start(start + "-start.h5", root, translator);
  write_layouts(start + "-layouts.h5", translator.bound(file));
}

void time_translator(const std::string& folder, Rounds& rounds) {
  const std::string start = folder + "/" + kTranslator;
  const Config root = config();
  const OpenTranslator translator = open(root, open_pairs(start + "-pairs.h5"));
  const auto file =
      std::make_shared<const PairEpisodeFile>(read_pair_episodes(start + "-episodes.h5"));
  const auto problem = translator.frozen(file);
  Rng unused(0, "init");
  Params weights = read_model_params(start + "-start.h5", problem->init(unused));
  time_training(*problem, std::move(weights), TrainSettings(root.child("train"), "exact_match"),
                file->episodes.size(), rounds);
}

}  // namespace attune::bench
