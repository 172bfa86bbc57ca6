#include <map>
#include <numeric>

#include "metric/sequence.hpp"
#include "translation/proportion.hpp"
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

// A sentence with the sum of its letters: a + x = b + c holds of the sums where it holds of the
// letters, which every proportion asks for.
struct Summed {
  std::u32string text;
  std::uint64_t sum;
  explicit Summed(const std::string& bytes)
      : text(code_points(bytes)),
        sum(std::accumulate(text.begin(), text.end(), std::uint64_t{0})) {}
};

bool may_stand(const Summed& a, const Summed& b, const Summed& c, const Summed& x) {
  return a.sum + x.sum == b.sum + c.sum &&
         a.text.size() + x.text.size() == b.text.size() + c.text.size();
}

class Analogy : public Translator {
 public:
  std::vector<std::string> operator()(std::span<const SentencePair> support,
                                      std::span<const std::string> queries) const override {
    std::vector<Summed> sources;
    std::vector<std::u32string> texts, targets;
    for (const SentencePair& pair : support) {
      sources.emplace_back(pair.source);
      texts.push_back(sources.back().text);
      targets.push_back(code_points(pair.target));
    }
    std::vector<std::string> answers;
    for (const std::string& query : queries) {
      const Summed asked(query);
      const auto votes = vote(sources, targets, asked);
      const std::u32string* best = nullptr;
      std::size_t most = 0;
      for (const auto& [answer, count] : votes) {
        if (count <= most) continue;
        most = count;
        best = &answer;
      }
      answers.push_back(best ? utf8(*best) : support[nearest_source(texts, asked.text)].target);
    }
    return answers;
  }

 private:
  // Solutions on the target side of every a : b :: c : query of the source side, with their number.
  static std::map<std::u32string, std::size_t> vote(const std::vector<Summed>& sources,
                                                    const std::vector<std::u32string>& targets,
                                                    const Summed& query) {
    std::map<std::u32string, std::size_t> votes;
    const std::size_t K = sources.size();
    for (std::size_t a = 0; a < K; ++a)
      for (std::size_t b = 0; b < K; ++b)
        for (std::size_t c = b + 1; c < K; ++c) {
          if (a == b || a == c || !may_stand(sources[a], sources[b], sources[c], query)) continue;
          if (solve_proportion(sources[a].text, sources[b].text, sources[c].text) != query.text)
            continue;
          const auto answer = solve_proportion(targets[a], targets[b], targets[c]);
          if (answer) ++votes[*answer];
        }
    return votes;
  }
};

}  // namespace

const Register<Translator> analogy{
    "analogy",
    "proportions a : b :: c : query among the support, solved on the target side (Lepage 1998); "
    "most votes, else copy_nearest",
    [](const Config&) { return std::make_unique<Analogy>(); }};

}  // namespace attune
