#include "metric/sequence.hpp"
#include "translation/proportion_votes.hpp"
#include "translation/translator.hpp"

namespace attune {
namespace {

std::string utf8(std::u32string_view points) {
  std::string text;
  for (const char32_t point : points) {
    const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
    if (point < 0x80) {
      put(point);
      continue;
    }
    const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    put((more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0) | (point >> (6 * more)));
    for (int k = more - 1; k >= 0; --k) put(0x80 | ((point >> (6 * k)) & 0x3F));
  }
  return text;
}

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
