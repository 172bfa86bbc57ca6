// The floors of `numbers` on the test languages, against an independent implementation's values.
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "base/splits.hpp"
#include "dataset/pair_reader.hpp"
#include "metric/chrf.hpp"
#include "metric/code_points.hpp"
#include "statistics/macro.hpp"
#include "translation/pair_episodes.hpp"
#include "translation/translator.hpp"

using namespace attune;

namespace {

struct Outcome {  // in percent, per episode, and chrF of each sentence on its own
  std::vector<std::uint32_t> language;
  std::vector<double> exact, chrf, covered;
};

// 40 episodes of 5 queries of every test language.
Outcome run(const PairPool& pool, const std::string& kind, std::uint32_t shots) {
  const auto translator = TranslatorRegistry::entries().at(kind).make(Config());
  Outcome outcome;
  for (const std::uint32_t language : places_of_split(pool.language_split, "test")) {
    const PairSampler sampler(pool, {language}, {shots, 5, "all"}, language, "floors");
    for (std::uint64_t e = 0; e < 40; ++e) {
      const PairEpisode episode = sampler(e);
      std::vector<SentencePair> support;
      std::set<std::uint32_t> tens, units;
      for (const std::uint32_t row : episode.support) {
        support.push_back({pool.source_text(row), pool.target[row]});
        tens.insert(pool.source_of[row] / 10);
        units.insert(pool.source_of[row] % 10);
      }
      std::vector<std::string> queries, references;
      double covered = 0, chrf = 0;
      for (const std::uint32_t row : episode.query) {
        queries.push_back(pool.source_text(row));
        references.push_back(pool.target[row]);
        covered +=
            tens.contains(pool.source_of[row] / 10) && units.contains(pool.source_of[row] % 10) ? 20
                                                                                                : 0;
      }
      const auto answers = (*translator)(support, queries);
      for (std::size_t i = 0; i < answers.size(); ++i) {
        Chrf metric;
        metric.add(answers[i], references[i]);
        chrf += metric.score() / 5;
      }
      outcome.language.push_back(language);
      outcome.exact.push_back(100 * exact_match(answers, references));
      outcome.chrf.push_back(chrf);
      outcome.covered.push_back(covered);
    }
  }
  return outcome;
}

PairPool numbers(const std::string& source) {
  const Config config = Config::parse(R"({"source": ")" + source + R"("})", "test");
  return PairReaderRegistry::entries().at("numbers").make(config)->read("");
}

double mean(const std::vector<double>& values) { return mean_interval(values).mean; }

// Whether two independent samples of the same episodes may have these means: 2 half-widths are 2.8
// standard errors of their difference.
bool agrees(const std::vector<double>& values, double other) {
  const Interval interval = mean_interval(values);
  return std::abs(interval.mean - other) <= 2 * interval.half_width;
}

struct Expected {
  std::uint32_t shots;
  double covered, exact, chrf, copied_chrf;
};

}  // namespace

TEST_CASE("analogy and copying reach what they are known to reach on unseen languages") {
  const PairPool pool = numbers("digits");
  for (const Expected& expected :
       {Expected{5, 13.8, 0.5, 38.2, 37.9}, Expected{10, 39.5, 4.9, 47.4, 44.8},
        Expected{20, 78.2, 37.2, 68.0, 49.6}, Expected{40, 97.9, 90.8, 94.4, 49.7}}) {
    const Outcome analogy = run(pool, "analogy", expected.shots);
    const Outcome copied = run(pool, "copy_nearest", expected.shots);
    CAPTURE(expected.shots);
    CAPTURE(mean(analogy.covered));
    CAPTURE(mean(analogy.exact));
    CAPTURE(mean(analogy.chrf));
    CAPTURE(mean(copied.chrf));
    CHECK(agrees(analogy.covered, expected.covered));
    CHECK(agrees(analogy.exact, expected.exact));
    CHECK(agrees(analogy.chrf, expected.chrf));
    // Several numbers are equally near as digits, and nobody said which of them was copied.
    CHECK(std::abs(mean(copied.chrf) - expected.copied_chrf) < 2);
    CHECK(mean(copied.exact) == 0);
  }
}

TEST_CASE("from English words analogy is weaker: teens, and letters shared by chance") {
  const PairPool pool = numbers("english");
  CHECK(agrees(run(pool, "analogy", 20).exact, 32.2));
  CHECK(agrees(run(pool, "analogy", 40).exact, 85.3));
}
