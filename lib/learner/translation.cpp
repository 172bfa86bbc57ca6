#include "learner/translation.hpp"

#include <stdexcept>

#include "metric/chrf.hpp"
#include "metric/code_points.hpp"

namespace attune {
namespace {

class FloorEvaluator : public Evaluator {
 public:
  FloorEvaluator(std::shared_ptr<const Translator> translator, std::shared_ptr<const PairPool> pool,
                 std::shared_ptr<const PairEpisodeFile> file)
      : translator_(std::move(translator)), pool_(std::move(pool)), file_(std::move(file)) {}
  std::vector<Scores> operator()(std::span<const std::uint64_t> episodes) override {
    std::vector<Scores> scores;
    for (const std::uint64_t number : episodes) {
      const PairEpisode& episode = file_->episodes.at(number);
      std::vector<SentencePair> support;
      for (const std::uint32_t row : episode.support)
        support.push_back({pool_->source_text(row), pool_->target[row]});
      std::vector<std::string> queries;
      for (const std::uint32_t row : episode.query) queries.push_back(pool_->source_text(row));
      scores.push_back(translation_scores(*pool_, episode, (*translator_)(support, queries)));
    }
    return scores;
  }

 private:
  std::shared_ptr<const Translator> translator_;
  std::shared_ptr<const PairPool> pool_;
  std::shared_ptr<const PairEpisodeFile> file_;
};

class FloorProblem : public Problem {
 public:
  FloorProblem(std::shared_ptr<const Translator> translator, std::shared_ptr<const PairPool> pool,
               std::shared_ptr<const PairEpisodeFile> file)
      : translator_(std::move(translator)), pool_(std::move(pool)), file_(std::move(file)) {}
  Params init(Rng&) const override { return {}; }
  Step gradients(const Params&, std::span<const std::uint64_t>, Context&) override {
    throw std::logic_error("a floor of translation is not trained");
  }
  std::unique_ptr<Evaluator> evaluator(const Params&) const override {
    return std::make_unique<FloorEvaluator>(translator_, pool_, file_);
  }

 private:
  std::shared_ptr<const Translator> translator_;
  std::shared_ptr<const PairPool> pool_;
  std::shared_ptr<const PairEpisodeFile> file_;
};

}  // namespace

Scores translation_scores(const PairPool& pool, const PairEpisode& episode,
                          const std::vector<std::string>& answers) {
  std::vector<std::string> references;
  for (const std::uint32_t row : episode.query) references.push_back(pool.target[row]);
  Chrf chrf;
  CharacterErrors errors;
  for (std::size_t i = 0; i < references.size(); ++i) {
    chrf.add(answers.at(i), references[i]);
    errors.add(answers[i], references[i]);
  }
  return {{"exact_match", exact_match(answers, references)},
          {"chrf", chrf.score()},
          {"cer", errors.rate()},
          {"language", episode.language},
          {"group", pool.language_group[episode.language]}};
}

std::unique_ptr<Problem> translation_floor(std::shared_ptr<const Translator> translator,
                                           std::shared_ptr<const PairPool> pool,
                                           std::shared_ptr<const PairEpisodeFile> file) {
  return std::make_unique<FloorProblem>(std::move(translator), std::move(pool), std::move(file));
}

}  // namespace attune
