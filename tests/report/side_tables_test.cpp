#include "report/side_tables.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/scratch.hpp"
#include "report/outcome_rows.hpp"

using namespace attune;

namespace {

constexpr const char* kSide = R"({
  "evaluate_seconds": 6.5, "threads": 2, "peak_memory_mib": 217.0, "episodes": 40,
  "multiply_adds_per_episode": 2500000000, "multiply_adds_after_encoding": 1250000,
  "own_pool": true,
  "model": {"train_seconds": 80.5, "threads": 1, "peak_memory_mib": 188.2, "parameters": 111681,
            "steps": 1500, "multiply_adds_per_step": 7250000000,
            "search": {"train_seconds": 19.5, "peak_memory_mib": 190.5,
                       "validation": {"metric": "accuracy", "score": 0.97, "episodes": "vvvv"}}}})";

Costs read(const std::string& json) {
  const Scratch scratch;
  return read_costs(scratch.put("rows.tsv.gz.cost.json", json));
}

double value_of(const Table& table, std::size_t line, const char* column) {
  return table.lines[line].values[*table.column(column)]->mean;
}

}  // namespace

TEST_CASE("a side file is read with what its search adds") {
  const Costs costs = read(kSide);
  CHECK(*costs.train_seconds == 100);
  CHECK(*costs.train_mib == 190.5);
  CHECK(*costs.evaluate_mib == 217);
  CHECK(costs.own_pool);
  CHECK(costs.validation->metric == "accuracy");
  CHECK(costs.validation->score == 0.97);
  CHECK(costs.validation->episodes == "vvvv");
  const Costs older = read(R"({"evaluate_seconds": 6.78, "threads": 1, "episodes": 10000})");
  CHECK(*older.evaluate_seconds == 6.78);
  CHECK(!older.train_seconds);
  CHECK(!older.validation);
}

TEST_CASE("a damaged side file is an error of data") {
  for (const char* json : {"", "{", "[1]", R"({"evaluate_seconds": "6"})",
                           R"({"evaluate_seconds": -1})", R"({"model": 7})"}) {
    CAPTURE(json);
    try {
      read(json);
      FAIL("accepted");
    } catch (const UsageError&) {
      FAIL("a wrong option");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find("rows.tsv.gz.cost.json") != std::string::npos);
    }
  }
}

TEST_CASE("the cost table takes means over seeds and the largest memory") {
  const Rows a = OutcomeRows{.seed = "0", .accuracy = {0.5}}.rows();
  const Rows b = OutcomeRows{.seed = "1", .model = "m1", .accuracy = {0.5}}.rows();
  const Rows floor = OutcomeRows{.cell = "floor", .accuracy = {0.5}}.rows();
  auto outcomes = gather_outcomes({a, b, floor});
  Costs costs = read(kSide);
  add_costs(outcomes, a, costs);
  *costs.train_seconds = 200;
  *costs.train_mib = 150;
  add_costs(outcomes, b, costs);
  const Table table = cost_table(outcomes, nullptr);
  REQUIRE(table.lines.size() == 2);
  CHECK(table.lines[0].labels == std::vector<std::string>{"matching", "1"});
  CHECK(value_of(table, 0, "parameters") == 111681);
  CHECK(value_of(table, 0, "training s") == 150);
  CHECK(value_of(table, 0, "training MiB") == 190.5);
  CHECK(value_of(table, 0, "G/step") == 7.25);
  CHECK(value_of(table, 0, "evaluation s") == 6.5);
  CHECK(value_of(table, 0, "G/5w1s") == 2.5);
  CHECK(value_of(table, 0, "M/5w1s") == 1.25);
  CHECK(table.lines[1].labels == std::vector<std::string>{"floor", "–"});
  CHECK(!table.lines[1].values[*table.column("parameters")]);
  CHECK(!table.lines[1].values[*table.column("evaluation s")]);
  CHECK(to_markdown(table).find("|     111681 |  1500 |      150.0 |") != std::string::npos);
}

TEST_CASE("the calibration table adds the answers of all seeds") {
  const Rows a = OutcomeRows{.seed = "0", .accuracy = {0.5}}.rows();
  const Rows b = OutcomeRows{.seed = "1", .model = "m1", .accuracy = {0.5}}.rows();
  auto outcomes = gather_outcomes({a, b});
  CHECK(calibration_table(outcomes, nullptr).lines.empty());
  Costs costs;
  costs.calibration.emplace();
  costs.calibration->bins()[14] = {60, 45, 57};  // surer by 0.2
  add_costs(outcomes, a, costs);
  CHECK(calibration_table(outcomes, nullptr).lines.empty());  // not every seed tells it
  costs.calibration->bins()[14] = {0, 0, 0};
  costs.calibration->bins()[6] = {40, 26, 18};  // less sure by 0.2
  add_costs(outcomes, b, costs);
  const Table table = calibration_table(outcomes, nullptr);
  REQUIRE(table.lines.size() == 1);
  CHECK(value_of(table, 0, "ECE/5w1s") == doctest::Approx(100 * (0.6 * 0.2 + 0.4 * 0.2)));
  CHECK(value_of(table, 0, "over/5w1s") == doctest::Approx(100 * (0.6 * 0.2 - 0.4 * 0.2)));
}

TEST_CASE("side files tell the curve of validation and the calibration, of equal lengths") {
  const std::string fifteen = "[1,0,0,0,0,0,0,0,0,0,0,0,0,0,2]";
  const std::string good = R"({"calibration": {"answers": )" + fifteen + R"(, "right": )" +
                           fifteen + R"(, "confidence": )" + fifteen + R"(},
      "model": {"search": {"validation": {"metric": "accuracy", "score": 0.5,
      "curve": {"steps": [5, 9], "seconds": [1.5, 3], "scores": [0.25, 0.5]}}}}})";
  const Costs costs = read(good);
  CHECK(costs.calibration->count() == 3);
  CHECK(costs.validation->curve == std::vector<std::pair<double, double>>{{1.5, 0.25}, {3, 0.5}});
  for (const std::string part : {"1.5, ", "1,0,"}) {  // a list becomes shorter
    std::string wrong = good;
    wrong.erase(wrong.find(part), part.size());
    CAPTURE(wrong);
    CHECK_THROWS_AS(read(wrong), Error);
  }
}

TEST_CASE("seed noise stands apart from episode noise") {
  // The table worked by hand in the tests of noise_parts, in percent: 1 2 3 and 3 4 8.
  const auto outcomes = gather_outcomes(
      {OutcomeRows{.seed = "0", .accuracy = {0.01, 0.02, 0.03, 0.5}}.rows(),
       OutcomeRows{.seed = "1", .model = "m1", .accuracy = {0.03, 0.04, 0.08}}.rows()});
  const Table table = noise_table(outcomes, nullptr);
  REQUIRE(table.lines.size() == 1);
  CHECK(table.lines[0].labels == std::vector<std::string>{"5w1s", "matching", "2"});
  CHECK(value_of(table, 0, "seed SD") == doctest::Approx(2));
  CHECK(value_of(table, 0, "episode SD") == doctest::Approx(std::sqrt(2.5)));
  CHECK(value_of(table, 0, "rest SD") == doctest::Approx(std::sqrt(1.5)));
  // Episode means 2, 3, 5.5: s = 1.80278, t(2) = 4.30265.
  CHECK(value_of(table, 0, "± over episodes") ==
        doctest::Approx(4.302653 * 1.802776 / std::sqrt(3)).epsilon(1e-6));
  const auto one = noise_table(gather_outcomes({OutcomeRows{.accuracy = {0.5}}.rows()}), nullptr);
  CHECK(!one.lines[0].values[1]);
}

TEST_CASE("ours stands beside the published number that the cell names") {
  Experiment toy;
  toy.title = "Toy";
  for (const char* name : {"5w1s", "20w1s"}) toy.tests.emplace_back().name = name;
  toy.cells.emplace_back().name = "floor";
  toy.cells.emplace_back().name = "matching";
  toy.cells.back().published = "M";
  toy.published = {{"M", "S 2016", "train", "600 episodes", {{"5w1s", Estimate{80, 4.0}}}},
                   {"P", "T 2017", "train", "other", {{"5w1s", Estimate{90, {}}}}}};
  const auto outcomes = gather_outcomes({OutcomeRows{.accuracy = {0.8, 0.9, 1.0, 0.7}}.rows(),
                                         OutcomeRows{.test = "20w1s", .accuracy = {0.5}}.rows(),
                                         OutcomeRows{.cell = "floor", .accuracy = {0.5}}.rows()});
  const Table table = published_table(outcomes, toy);
  REQUIRE(table.lines.size() == 1);
  CHECK(table.lines[0].labels == std::vector<std::string>{"matching", "5w1s", "M", "S 2016"});
  CHECK(value_of(table, 0, "difference") == doctest::Approx(5));
  CHECK(*table.lines[0].values[2]->half_width ==
        doctest::Approx(std::hypot(4.0, 3.182446 * 12.909944 / 2)).epsilon(1e-6));
  const std::string text = to_markdown(table);
  CHECK(text.find("M, protocol: 600 episodes.") != std::string::npos);
  CHECK(text.find("other.") == std::string::npos);
  CHECK(text.starts_with("# Beside published numbers: Toy\n"));
}

TEST_CASE("a published mean over a known number of episodes gets an interval from our spread") {
  Experiment toy;
  toy.tests.emplace_back().name = "5w1s";
  toy.cells.emplace_back().name = "matching";
  toy.cells.back().published = "M";
  toy.cells.emplace_back().name = "floor";
  toy.cells.back().published = "P";
  toy.published = {{"M", "S 2016", "", "", {{"5w1s", Estimate{99, {}}}}, 16},
                   {"P", "T 2017", "", "", {{"5w1s", Estimate{60, 2.0}}}, 600}};
  const auto outcomes =
      gather_outcomes({OutcomeRows{.accuracy = {0.8, 0.9, 1.0, 0.7}}.rows(),
                       OutcomeRows{.cell = "floor", .accuracy = {0.5, 0.6, 0.5, 0.6}}.rows()});
  const Table table = published_table(outcomes, toy);
  REQUIRE(table.lines.size() == 2);
  // Of 4 episodes t(3) s / 2, of 16 half of it.
  const double reckoned = 3.182446 * 12.909944 / 4;
  CHECK(*table.lines[0].values[1]->half_width == doctest::Approx(reckoned).epsilon(1e-6));
  CHECK(*table.lines[1].values[1]->half_width == 2.0);
  const std::string text = to_markdown(table);
  CHECK(text.find("5w1s, published against published, unpaired and unadjusted: 1 of 1 pairs differ "
                  "by more than their 95 % interval: M less P +39.00 ± 10.46.") !=
        std::string::npos);
  toy.published[0].values["5w1s"].mean = 62;
  CHECK(to_markdown(published_table(outcomes, toy))
            .find("0 of 1 pairs differ by more than their "
                  "95 % interval.") != std::string::npos);
}
