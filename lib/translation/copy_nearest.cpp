#include "metric/code_points.hpp"
#include "translation/translator.hpp"

namespace attune {

std::size_t nearest_source(std::span<const std::u32string> sources, const std::u32string& query) {
  std::size_t nearest = 0;
  double most = -1;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const double likeness = edit_similarity(sources[i], query);
    if (likeness > most) {
      most = likeness;
      nearest = i;
    }
  }
  return nearest;
}

namespace {

struct CopyNearest : Translator {
  std::vector<std::string> operator()(std::span<const SentencePair> support,
                                      std::span<const std::string> queries) const override {
    std::vector<std::u32string> sources;
    for (const SentencePair& pair : support) sources.push_back(code_points(pair.source));
    std::vector<std::string> answers;
    for (const std::string& query : queries)
      answers.push_back(support[nearest_source(sources, code_points(query))].target);
    return answers;
  }
};

}  // namespace

const Register<Translator> copy_nearest{
    "copy_nearest", "the target of the support pair whose source is most alike (edit distance)",
    [](const Config&) { return std::make_unique<CopyNearest>(); }};

}  // namespace attune
