#include "report/measures.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/scratch.hpp"
#include "report/outcome_rows.hpp"

using namespace attune;

namespace {

bool taken(const std::string& column, const std::string& text, std::int64_t answers = 0) {
  return message_of<Error>([&] { score_number(column, text, answers, "x"); }).empty();
}

}  // namespace

TEST_CASE("an accuracy is a whole number of answers, exact or of six decimals") {
  for (const char* text : {"0", "1", "0.1111111111111111", "0.111111", "0.666667"})
    CHECK_MESSAGE(taken("accuracy", text, 9), text);
  for (const char* text : {"0.123", "0.1", "0.11", "0.1111", "0.111112", "0.11111111", "0.667"})
    CHECK_MESSAGE(!taken("accuracy", text, 9), text);
  CHECK(taken("exact_match", "0.2", 5));
  CHECK(!taken("exact_match", "0.25", 5));
  CHECK(taken("accuracy", "0.123"));  // of how many is not known
  CHECK(taken("random_accuracy", "0.200000", 5));
  CHECK(!taken("random_accuracy", "0.250000", 5));
  CHECK(message_of<Error>([] { score_number("accuracy", "0.123", 9, "r.tsv: line 5"); }) ==
        "r.tsv: line 5: want a whole number of 9 answers, divided by them, have 0.123");
}

TEST_CASE("every score stays in the range of its column") {
  CHECK(taken("loss", "344.434204"));
  for (const char* text : {"nan", "-0.1", "inf", "x", ""}) {
    CHECK_MESSAGE(!taken("loss", text), text);
    CHECK_MESSAGE(!taken("random_loss", text), text);
    CHECK_MESSAGE(!taken("cer", text), text);
    CHECK_MESSAGE(!taken("auc_class", text), text);
  }
  for (const char* column : {"accuracy", "exact_match", "auc_random", "delete_top", "swap_any"}) {
    CHECK(taken(column, "1"));
    CHECK(!taken(column, "1.7"));
  }
  CHECK(taken("chrf", "100.000000"));
  CHECK(!taken("chrf", "100.1"));
  CHECK(taken("random_tau_swap", "-1"));
  CHECK(!taken("tau_random", "-1.1"));
  CHECK(taken("reward", "-20.5"));
  for (const char* text : {"nan", "-inf"}) {
    CHECK(!taken("reward", text));
    CHECK(!taken("a score of later versions", text));
  }
  CHECK(taken("a score of later versions", "-7"));
}

TEST_CASE("whole numbers have a least value, answers are ways times queries") {
  CHECK(whole_number("3", 0, "x") == 3);
  for (const char* text : {"-3", "1.5", "x", "", "nan"})
    CHECK_THROWS_AS(whole_number(text, 0, "x"), Error);
  CHECK(answers_of({{"ways", 5}, {"shots", 1}, {"queries", 3}}) == 15);
  CHECK(answers_of({{"shots", 1}, {"queries", 3}}) == 3);
  CHECK(answers_of({{"arms", 5}}) == 0);
  CHECK(answers_of({{"ways", std::int64_t{1} << 62}, {"queries", std::int64_t{1} << 62}}) == 0);
}

TEST_CASE("columns of the origin are no scores") {
  Rows rows = OutcomeRows{.accuracy = {0.5}}.rows();
  const std::vector<std::size_t> scores = {10, 11};
  CHECK(score_columns(rows) == scores);
  CHECK(score_columns(with_origin(rows, test_origin())) == scores);
}
