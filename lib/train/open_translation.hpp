#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/rows.hpp"
#include "learner/translation.hpp"
#include "train/model.hpp"
#include "translator/pair_augment.hpp"
#include "translator/translator_problem.hpp"

namespace attune {

std::shared_ptr<const PairPool> open_pairs(const std::string& path);

// The "translator" of a configuration: a floor, or how a model is made once its words are known.
class TranslatorPlan {
 public:
  explicit TranslatorPlan(const Config& root);
  const std::string& kind() const { return kind_; }
  bool learns() const { return !floor_; }
  std::shared_ptr<const Translator> floor() const { return floor_; }
  std::shared_ptr<const TranslationModel> model(const KnownTokens& known) const;
  SentenceTokens cut(const PairPool& pool) const { return (*tokeniser_)(pool); }
  const Decoding& decoding() const { return *decoding_; }
  const InnerSteps& inner() const { return inner_; }

 private:
  Config config_;
  std::string kind_;
  std::shared_ptr<const Translator> floor_;
  std::shared_ptr<const SentenceTokeniser> tokeniser_;
  std::optional<Decoding> decoding_;
  InnerSteps inner_;
};

// A translator of either sort with a pool, for episodes of it.
class OpenTranslator {
 public:
  // words: those that the model knows; without, those of `split`.
  OpenTranslator(const TranslatorPlan& plan, std::shared_ptr<const PairPool> pool,
                 std::uint64_t seed, const std::string& split, const Vocabulary* words);
  const std::shared_ptr<const PairPool>& pool() const { return pool_; }
  const Vocabulary& words() const { return words_; }
  bool learns() const { return plan_.learns(); }
  bool fixed() const { return learns() && model_->fixed(); }
  // Of a model. augment: null where nothing is changed.
  BoundTranslator bound(std::function<PairEpisode(std::uint64_t)> episodes,
                        const std::string& stream, const PairAugment* augment) const;
  // Frozen episodes for a model or a floor.
  BoundTranslator bound(std::shared_ptr<const PairEpisodeFile> file) const;
  std::unique_ptr<Problem> frozen(std::shared_ptr<const PairEpisodeFile> file) const;
  Params initial(Rng& rng) const;

 private:
  TranslatorPlan plan_;
  std::shared_ptr<const PairPool> pool_;
  std::uint64_t seed_;
  std::shared_ptr<const SentenceTokens> tokens_;
  Vocabulary words_;
  FixedSymbols fixed_;
  std::shared_ptr<const TranslationModel> model_;
};

// A trained translator, or a floor, with the pool and the frozen episodes that it is tested on.
struct OpenTranslation {
  Model model;
  std::string kind;
  std::shared_ptr<const OpenTranslator> translator;
  std::shared_ptr<const PairEpisodeFile> file;
  Params params;
};
// Error when a file can't be read or they don't belong together; UsageError where the configuration
// is wrong.
OpenTranslation open_translation(const ModelFile& model, const std::string& pool,
                                 const std::string& episodes);

// The answers of one episode, and what of its support each of their tokens was read from.
struct Translated {
  struct Item {          // of the memory
    std::uint32_t pair;  // of the support
    std::string text;    // a source word, a target token, or "" at the end of a target
    bool target;
  };
  struct Map {
    std::string name;       // "pointer", "layer1", …: the latter the mean of the heads
    std::vector<double> w;  // (steps, items)
  };
  struct Query {
    std::string source, answer, reference;
    std::vector<std::string> step;  // tokens of the answer; the last is "", its end
    std::vector<Map> maps;
    std::vector<double> followed;  // steps: the share of what analogy proposes; empty if not told
  };
  std::uint64_t number = 0;
  std::vector<SentencePair> support;
  std::vector<Item> items;
  std::vector<Query> queries;
};
// Error for a model that does not attend to the support.
Translated translated(const OpenTranslation& open, std::uint64_t number);
// A line for each item that has a weight of 0.0001 or more: episode, query, map, step (from 1),
// token, pair (from 0), side (source or target), item (its place in the memory), text, weight; the
// end of a sentence is "∎", a space "␣". Of a model that is told proposals, also a line with the
// map "proposal" for each step in which its share is as much, without pair, side and item ("-").
Rows alignment_rows(const Translated& answers);

}  // namespace attune
