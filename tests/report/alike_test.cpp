#include "report/alike.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/scratch.hpp"
#include "report/layout.hpp"
#include "report/outcome_rows.hpp"

using namespace attune;

namespace {

const OutcomeRows kFirst{.accuracy = {0.5, 0.6}},
    kSecond{.seed = "1", .model = "m1", .accuracy = {0.5, 0.7}};

// What gather_outcomes says of two seeds that differ in one column.
std::string refusal(std::string Origin::*member, const std::string& other,
                    const OutcomeRows& second = kSecond) {
  Origin origin = test_origin();
  origin.*member = other;
  return message_of<Error>([&] {
    gather_outcomes(
        {with_origin(kFirst.rows(), test_origin()), with_origin(second.rows(), origin)});
  });
}

Experiment experiment() {
  Experiment toy;
  toy.name = "toy";
  toy.cells.emplace_back().name = "matching";
  toy.tests.emplace_back().name = "5w1s";
  toy.tests.back().split = "test";
  return toy;
}

std::string planned(const Experiment& toy, const Origin& origin) {
  return message_of<Error>(
      [&] { layout_of(gather_outcomes({with_origin(kFirst.rows(), origin)}), &toy); });
}

}  // namespace

TEST_CASE("seeds of one cell are of one pool, one configuration and one mode") {
  CHECK(refusal(&Origin::bits, "avx512").empty());
  CHECK(refusal(&Origin::trained_pool, "bbbbbbbbbbbbbbbb") ==
        "cell matching: want one pool trained on for all its rows, have aaaaaaaaaaaaaaaa (seed 0, "
        "test 5w1s) and bbbbbbbbbbbbbbbb (seed 1, test 5w1s): name them apart with attune-evaluate "
        "--cell");
  CHECK(refusal(&Origin::config, "dddddddddddddddd").find("dddddddddddddddd") != std::string::npos);
  CHECK(refusal(&Origin::mode, "transductive").find("mode of testing") != std::string::npos);
  OutcomeRows named = kSecond;
  named.cell = "other";
  CHECK(refusal(&Origin::trained_pool, "bbbbbbbbbbbbbbbb", named).empty());
  // Two tests of one line, too.
  OutcomeRows test = kFirst;
  test.test = "20w1s";
  CHECK(!refusal(&Origin::config, "dddddddddddddddd", test).empty());
}

TEST_CASE("what is not trained may have a configuration for each test, not for each seed") {
  Origin one = test_origin(), two = test_origin();
  one.trained_pool = two.trained_pool = "-";
  two.config = "dddddddddddddddd";
  OutcomeRows test = kFirst;
  test.test = "20w1s";
  const auto refused = [&](const OutcomeRows& second) {
    return !message_of<Error>([&] {
              gather_outcomes({with_origin(kFirst.rows(), one), with_origin(second.rows(), two)});
            }).empty();
  };
  CHECK(!refused(test));
  CHECK(refused(kSecond));
}

TEST_CASE("rows that do not tell their origin stand beside those that do") {
  const auto outcomes =
      gather_outcomes({kFirst.rows(), with_origin(kSecond.rows(), test_origin())});
  REQUIRE(outcomes.size() == 2);
  CHECK(!outcomes[0].origin);
  CHECK(outcomes[1].origin->tested_on == "glyphs");
  // But not within one outcome.
  const OutcomeRows rest{.accuracy = {0.5}, .first = 2};
  CHECK_THROWS_AS(gather_outcomes({kFirst.rows(), with_origin(rest.rows(), test_origin())}), Error);
}

TEST_CASE("one line of an outcome can't say something else than the others") {
  for (const OriginColumn& column : origin_columns()) {
    Rows rows = with_origin(kFirst.rows(), test_origin());
    rows.lines[1][rows.column(column.name)] = "transductive";
    const std::string message = message_of<Error>([&] { gather_outcomes({rows}); });
    CAPTURE(message);
    CHECK(message.find("line 3: " + std::string(column.name)) != std::string::npos);
  }
}

TEST_CASE("one episode file is of one split and one pool, and has one shape") {
  OutcomeRows other = kSecond;
  other.cell = "other";
  const auto refused = [&](const Rows& rows) {
    return message_of<Error>([&] {
      check_same_episodes(gather_outcomes({with_origin(kFirst.rows(), test_origin()), rows}));
    });
  };
  CHECK(refused(with_origin(other.rows(), test_origin())).empty());
  Origin origin = test_origin();
  origin.split = "train";
  CHECK(refused(with_origin(other.rows(), origin)) ==
        "test 5w1s: split: want one for episode file aaaa, have test (cell matching) and train "
        "(cell other)");
  Rows twenty = other.rows();
  for (auto& line : twenty.lines) line[6] = "20";
  CHECK(refused(twenty).find("5-way 1-shot, 20 queries per class (cell matching) and 20-way") !=
        std::string::npos);
}

TEST_CASE("rows are of the splits and modes that the experiment plans") {
  Experiment toy = experiment();
  CHECK(planned(toy, test_origin()).empty());
  Origin origin = test_origin();
  origin.split = "train";
  CHECK(planned(toy, origin) ==
        "cell matching, seed 0, test 5w1s: split: want episodes of test as in experiment toy, have "
        "rows of train");
  origin.split = "-";  // not known
  CHECK(planned(toy, origin).empty());
  toy.tests.back().split = "val+train";
  origin.split = "train+val";
  CHECK(planned(toy, origin).empty());
  origin.mode = "transductive";
  CHECK(planned(toy, origin).find("mode: want inductive") != std::string::npos);
  toy.cells.back().transductive = true;
  CHECK(planned(toy, origin).empty());
  // Those that do not tell it are taken as they are.
  CHECK(layout_of(gather_outcomes({kFirst.rows()}), &toy).cells.size() == 1);
}
