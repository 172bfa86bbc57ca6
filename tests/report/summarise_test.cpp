#include "report/summarise.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/scratch.hpp"
#include "report/outcome_rows.hpp"

using namespace attune;

namespace {

std::string refusal(const std::vector<Rows>& files) {
  return message_of<Error>([&] { summarise(gather_outcomes(files), nullptr); });
}

}  // namespace

TEST_CASE("one seed: mean and interval over episodes, in percent") {
  const OutcomeRows rows{.accuracy = {0.8, 0.9, 1.0, 0.7}};
  const Table table = summarise(gather_outcomes({rows.rows()}), nullptr);
  REQUIRE(table.lines.size() == 1);
  CHECK(table.lines[0].labels == std::vector<std::string>{"matching", "glyphs", "train", "1"});
  const Estimate estimate = *table.lines[0].values[0];
  CHECK(estimate.mean == doctest::Approx(85));
  // s = 12.9099, t(3) = 3.18245, √4 = 2.
  CHECK(*estimate.half_width == doctest::Approx(3.182446 * 12.909944 / 2).epsilon(1e-6));
}

TEST_CASE("several seeds: mean of means, interval over the seeds") {
  const OutcomeRows a{.seed = "0", .model = "m0", .accuracy = {0.8, 1.0}};
  const OutcomeRows b{.seed = "1", .model = "m1", .accuracy = {0.7, 0.9}};
  const OutcomeRows c{.seed = "2", .model = "m2", .accuracy = {0.9, 0.9, 0.6}};
  const Table table = summarise(gather_outcomes({a.rows(), b.rows(), c.rows()}), nullptr);
  REQUIRE(table.lines.size() == 1);
  CHECK(table.lines[0].labels[3] == "3");
  const Estimate estimate = *table.lines[0].values[0];
  CHECK(estimate.mean == doctest::Approx(250.0 / 3));  // of 90, 80, 80
  // s = 5.7735, t(2) = 4.30265.
  CHECK(*estimate.half_width == doctest::Approx(4.302653 * 5.773503 / std::sqrt(3)).epsilon(1e-6));
}

TEST_CASE("a floor saw nothing; a single episode has no interval") {
  const OutcomeRows rows{.trained_on = "-", .accuracy = {0.5}};
  const Table table = summarise(gather_outcomes({rows.rows()}), nullptr);
  CHECK(table.lines[0].labels == std::vector<std::string>{"matching", "–", "–", "1"});
  CHECK(!table.lines[0].values[0]->half_width);
}

TEST_CASE("titles with colons and commas keep their split apart") {
  const OutcomeRows rows{.trained_on = "Omniglot, split: lake:train+val", .accuracy = {0.5}};
  const Table table = summarise(gather_outcomes({rows.rows()}), nullptr);
  CHECK(table.lines[0].labels[1] == "Omniglot, split: lake");
  CHECK(table.lines[0].labels[2] == "train+val");
}

TEST_CASE("two pools of one title are told apart by their hashes") {
  Origin other = test_origin();
  other.trained_pool = "bbbbbbbbbbbbbbbb";
  const Rows a = with_origin(OutcomeRows{.cell = "a", .accuracy = {0.5}}.rows(), test_origin()),
             b = with_origin(OutcomeRows{.cell = "b", .accuracy = {0.5}}.rows(), other);
  const auto pools = [](const std::vector<Rows>& files) {
    std::vector<std::string> names;
    for (const auto& line : summarise(gather_outcomes(files), nullptr).lines)
      names.push_back(line.labels[1]);
    return names;
  };
  CHECK(pools({a}) == std::vector<std::string>{"glyphs"});
  CHECK(pools({a, b}) ==
        std::vector<std::string>{"glyphs (aaaaaaaaaaaaaaaa)", "glyphs (bbbbbbbbbbbbbbbb)"});
  const Rows floor =
      with_origin(OutcomeRows{.cell = "c", .trained_on = "-", .accuracy = {0.5}}.rows(), [] {
        Origin none = test_origin();
        none.trained_pool = "-";
        return none;
      }());
  CHECK(pools({a, floor}) == std::vector<std::string>{"glyphs", "–"});
  // The pool tested on has the title of another one trained on.
  const Table table = summarise(gather_outcomes({b}), nullptr);
  CHECK(to_markdown(table).find("test classes of glyphs (aaaaaaaaaaaaaaaa);") != std::string::npos);
}

TEST_CASE("rows of different episode files never share a column") {
  const OutcomeRows a{.accuracy = {0.5, 0.6}};
  const OutcomeRows b{.cell = "prototypical", .episode_file = "bbbb", .accuracy = {0.5, 0.6}};
  const std::string message = refusal({a.rows(), b.rows()});
  for (const char* part : {"aaaa", "bbbb", "matching", "prototypical", "5w1s"}) {
    CAPTURE(message);
    CHECK(message.find(part) != std::string::npos);
  }
  OutcomeRows other_test = b;
  other_test.test = "20w1s";
  CHECK(refusal({a.rows(), other_test.rows()}).empty());
}

TEST_CASE("an episode counted twice, or two models under one name, are refused") {
  const OutcomeRows a{.accuracy = {0.5, 0.6}};
  CHECK(refusal({a.rows(), a.rows()}).find("episode 0") != std::string::npos);
  OutcomeRows rest{.accuracy = {0.7}, .first = 2};
  CHECK(refusal({a.rows(), rest.rows()}).empty());
  rest.model = "m1";
  CHECK(refusal({a.rows(), rest.rows()}).find("model") != std::string::npos);
  OutcomeRows retrained{.trained_on = "glyphs:train+val", .test = "20w1s", .accuracy = {0.5}};
  CHECK(refusal({a.rows(), retrained.rows()}).find("training set") != std::string::npos);
}

TEST_CASE("rows that are not rows are refused") {
  Rows rows = OutcomeRows{.accuracy = {0.5}}.rows();
  rows.lines[0][10] = "1.5";
  CHECK_THROWS_AS(gather_outcomes({rows}), Error);
  rows.lines[0][10] = "nan";
  CHECK_THROWS_AS(gather_outcomes({rows}), Error);
  rows.lines[0][10] = "0.5";
  rows.lines[0][9] = "first";
  CHECK_THROWS_AS(gather_outcomes({rows}), Error);
  rows.columns[9] = "number";
  CHECK_THROWS_AS(gather_outcomes({rows}), Error);
  CHECK_THROWS_AS(summarise({}, nullptr), Error);
}

TEST_CASE("an experiment orders lines and columns and adds the published numbers") {
  Experiment experiment;
  experiment.name = "toy";
  experiment.title = "Toy";
  experiment.claim = "A claim.";
  for (const char* name : {"20w1s", "5w1s"}) {
    experiment.tests.emplace_back().name = name;
    experiment.tests.back().pool = "glyphs";
    experiment.tests.back().split = "test";
    experiment.tests.back().episodes = 3;
  }
  for (const char* name : {"floor", "prototypical", "matching"}) {
    experiment.cells.emplace_back().name = name;
  }
  experiment.published = {{.name = "Matching Networks",
                           .source = "Someone 2016",
                           .saw = "train",
                           .protocol = "600 episodes",
                           .values = {{"5w1s", Estimate{98.1, {}}}}}};
  const OutcomeRows a{.accuracy = {0.5, 0.6}};
  const OutcomeRows b{.cell = "prototypical", .accuracy = {0.5, 0.7}};
  const auto outcomes = gather_outcomes({a.rows(), b.rows()});
  const Table table = summarise(outcomes, &experiment);
  CHECK(table.columns[0].name == "20w1s");
  REQUIRE(table.lines.size() == 3);
  CHECK(table.lines[0].labels[0] == "prototypical");
  CHECK(table.lines[1].labels[0] == "matching");
  CHECK(!table.lines[1].values[0]);
  CHECK(table.lines[1].values[1]->mean == doctest::Approx(55));
  CHECK(table.lines[2].published);
  CHECK(table.lines[2].labels ==
        std::vector<std::string>{"Matching Networks [1]", "published", "train", "–"});
  CHECK(table.lines[2].values[1]->mean == 98.1);
  const std::string text = to_markdown(table);
  CHECK(text.find("[1] published: Someone 2016. 600 episodes.") != std::string::npos);
  CHECK(text.find("- Claim under test: A claim.") != std::string::npos);
  CHECK(text.find("floor: no rows yet.") != std::string::npos);
  CHECK(text.find("Fewer episodes than planned: matching, seed 0, 5w1s: 2 of 3; prototypical, seed "
                  "0, 5w1s: 2 of 3.") != std::string::npos);
  experiment.cells.back().episodes = 2;
  CHECK(to_markdown(summarise(outcomes, &experiment))
            .find("planned: prototypical, seed 0, 5w1s: 2 "
                  "of 3.") != std::string::npos);
  CHECK(text.find("5w1s: 2 episodes, 5-way 1-shot, 20 queries per class, split not recorded; "
                  "episode file aaaa.") != std::string::npos);

  experiment.cells.pop_back();
  CHECK_THROWS_AS(summarise(outcomes, &experiment), Error);
}

TEST_CASE("the rows of one cell, seed and test are of one episode file, in one file or in two") {
  const OutcomeRows half{.accuracy = {0.5, 0.6}};
  OutcomeRows rest{.episode_file = "bbbb", .accuracy = {0.7}, .first = 2};
  const std::string message = refusal({half.rows(), rest.rows()});
  CAPTURE(message);
  CHECK(message.find("episode_file: want aaaa as before") != std::string::npos);
  CHECK(message.find("have bbbb") != std::string::npos);
  Rows joined = half.rows();
  joined.lines.push_back(rest.rows().lines.front());
  CHECK(refusal({joined}).find("line 4: episode_file") != std::string::npos);
  rest.episode_file = "aaaa";
  CHECK(refusal({half.rows(), rest.rows()}).empty());
}
