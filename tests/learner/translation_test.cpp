#include "learner/translation.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "translation/tiny_pairs.hpp"

using namespace attune;

namespace {

// Answers every query as told.
struct Told : Translator {
  explicit Told(std::vector<std::string> answers) : answers_(std::move(answers)) {}
  std::vector<std::string> operator()(std::span<const SentencePair> support,
                                      std::span<const std::string> queries) const override {
    CHECK(support[0].source == "s3");
    CHECK(support[0].target == "b3");
    CHECK(queries[1] == "s2");
    return answers_;
  }
  std::vector<std::string> answers_;
};

}  // namespace

TEST_CASE("the scores of an episode worked out by hand") {
  const auto pool = std::make_shared<PairPool>(tiny_pairs());
  const auto file = std::make_shared<PairEpisodeFile>();
  file->shape = {1, 2, "all"};
  file->episodes = {{1, {13}, {11, 12}}};  // of language b: "b1" and "b2" are asked for
  const auto problem =
      translation_floor(std::make_shared<Told>(std::vector<std::string>{"b1", "bx2"}), pool, file);
  const std::vector<std::uint64_t> numbers = {0};
  const Scores scores = (*problem->evaluator({}))(numbers).at(0);
  CHECK(scores.at("exact_match") == 0.5);
  CHECK(scores.at("cer") == 0.25);  // one letter too many, of four
  // Order 1: 4 of 5 and of 4; order 2: 1 of 3 and of 2. P = 17/30, R = 3/4.
  const double p = 17 / 30.0, r = 0.75;
  CHECK(scores.at("chrf") == doctest::Approx(100 * 5 * p * r / (4 * p + r)));
  CHECK(scores.at("language") == 1);
  CHECK(scores.at("group") == 0);
}
