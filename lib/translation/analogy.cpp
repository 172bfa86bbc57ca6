#include "metric/code_points.hpp"
#include "translation/proportion_votes.hpp"
#include "translation/translator.hpp"

namespace attune {
namespace {

class Analogy : public Translator {
 public:
  std::vector<std::string> operator()(std::span<const SentencePair> support,
                                      std::span<const std::string> queries) const override {
    std::vector<std::u32string> sources, targets;
    for (const SentencePair& pair : support) {
      sources.push_back(code_points(pair.source));
      targets.push_back(code_points(pair.target));
    }
    const ProportionVotes votes(sources, targets);
    std::vector<std::string> answers;
    for (const std::string& query : queries) {
      const std::u32string asked = code_points(query);
      const auto best = votes.best(asked);
      answers.push_back(best ? utf8(best->target) : support[nearest_source(sources, asked)].target);
    }
    return answers;
  }
};

}  // namespace

const Register<Translator> analogy{
    "analogy",
    "proportions a : b :: c : query among the support, solved on the target side (Lepage 1998); "
    "most votes, else copy_nearest",
    [](const Config&) { return std::make_unique<Analogy>(); }};

}  // namespace attune
