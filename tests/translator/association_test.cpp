// Association of source words with runs of target symbols: by hand, and against counting anew.
#include "translator/association.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/rng.hpp"

using namespace attune;

namespace {

using Run = std::vector<std::uint32_t>;

// The definition, word for word: pairs are looked through for each question.
double counted(const std::vector<SymbolPair>& support, std::uint32_t word, const Run& run,
               std::size_t without) {
  double both = 0, words = 0, runs = 0;
  for (std::size_t k = 0; k < support.size(); ++k) {
    if (k == without) continue;
    Run target{kBegin};
    target.insert(target.end(), support[k].symbol.begin(), support[k].symbol.end());
    target.push_back(kEnd);
    const bool has_word =
        word != 0 && std::ranges::find(support[k].word, word) != support[k].word.end();
    const bool has_run = !std::ranges::search(target, run).empty();
    words += has_word;
    runs += has_run;
    both += has_word && has_run;
  }
  return 2 * both / (words + runs + 1);
}

std::vector<SymbolPair> random_support(std::uint64_t seed) {
  Rng rng(seed, "association");
  std::vector<SymbolPair> support(1 + rng.below(8));
  for (SymbolPair& pair : support) {
    for (std::size_t w = 1 + rng.below(3); w > 0; --w)
      pair.word.push_back(static_cast<std::uint32_t>(rng.below(4)));
    for (std::size_t s = rng.below(6); s > 0; --s)
      pair.symbol.push_back(kOther + static_cast<std::uint32_t>(rng.below(3)));
  }
  return support;
}

}  // namespace

TEST_CASE("four pairs by hand: what comes with a word speaks for it, by the other pairs alone") {
  // forty two, forty seven, two, seven: 9 8 | 5, 9 8 | 6, 5, 6
  const std::vector<SymbolPair> support = {
      {{1, 2}, {9, 8, 5}}, {{1, 3}, {9, 8, 6}}, {{2}, {5}}, {{3}, {6}}};
  const Association association(support);
  Real forty[4], two[4];
  association.around(0, 0, 1, forty);
  association.around(0, 0, 2, two);
  CHECK(forty[0] == doctest::Approx(2.0 / 3));  // 9: with forty in one of one and one others
  CHECK(forty[2] == doctest::Approx(2.0 / 3));  // 9 8
  CHECK(two[0] == 0);
  association.around(0, 2, 1, forty);
  association.around(0, 2, 2, two);
  CHECK(forty[0] == 0);
  CHECK(two[0] == doctest::Approx(2.0 / 3));  // 5
  CHECK(two[2] == doctest::Approx(2.0 / 3));  // 5 and the end
  CHECK(two[1] == 0);                         // 8 5 is nowhere else
  Real written[3];
  association.before({8u, 9u, kBegin}, 1, written);
  for (const Real one : written) CHECK(one == doctest::Approx(4.0 / 5));
  association.before({5u, kBegin, kNone}, 2, written);
  CHECK(written[0] == doctest::Approx(4.0 / 5));
  CHECK(written[1] == doctest::Approx(2.0 / 4));
  CHECK(written[2] == 0);
  association.before({5u, kBegin, kNone}, 7, written);  // a word that no pair has
  for (const Real one : written) CHECK(one == 0);
}

TEST_CASE("random supports: every value equals that of counting") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const auto support = random_support(seed);
    const Association association(support);
    for (std::size_t k = 0; k < support.size(); ++k) {
      Run target{kBegin};
      target.insert(target.end(), support[k].symbol.begin(), support[k].symbol.end());
      target.push_back(kEnd);
      for (std::size_t j = 0; j + 1 < target.size(); ++j)
        for (std::uint32_t word = 0; word < 5; ++word) {
          const auto run = [&](std::size_t from, std::size_t to) {
            return Run(target.begin() + static_cast<std::ptrdiff_t>(from),
                       target.begin() + static_cast<std::ptrdiff_t>(to));
          };
          Real own[4];
          association.around(k, j, word, own);
          const bool end = j + 2 == target.size();
          CHECK(own[0] == doctest::Approx(counted(support, word, run(j + 1, j + 2), k)));
          CHECK(own[1] == doctest::Approx(counted(support, word, run(j, j + 2), k)));
          CHECK(own[2] == doctest::Approx(end ? 0 : counted(support, word, run(j + 1, j + 3), k)));
          CHECK(own[3] == doctest::Approx(end ? 0 : counted(support, word, run(j, j + 3), k)));
          if (j < 2) continue;
          Real written[3];
          association.before({target[j], target[j - 1], target[j - 2]}, word, written);
          for (std::size_t n = 1; n <= 3; ++n)
            CHECK(written[n - 1] ==
                  doctest::Approx(counted(support, word, run(j + 1 - n, j + 1), support.size())));
        }
    }
  }
}
