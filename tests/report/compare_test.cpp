#include "report/compare.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "report/outcome_rows.hpp"
#include "report/summarise.hpp"

using namespace attune;

namespace {

const std::vector<double> kOld = {0.5, 0.6, 0.9, 0.4}, kNew = {0.6, 0.6, 1.0, 0.6};

std::vector<Outcome> outcomes(const std::vector<OutcomeRows>& parts) {
  std::vector<Rows> files;
  for (const auto& part : parts) files.push_back(part.rows());
  return gather_outcomes(files);
}

}  // namespace

TEST_CASE("the same episodes: a paired difference with its interval") {
  const auto before = outcomes({{.accuracy = kOld}});
  const auto now = outcomes({{.model = "m9", .accuracy = kNew}});
  const Table table = compare(now, before);
  REQUIRE(table.lines.size() == 1);
  CHECK(table.lines[0].labels ==
        std::vector<std::string>{"matching", "5w1s", "paired: 4 episodes"});
  CHECK(table.lines[0].values[0]->mean == doctest::Approx(60));
  CHECK(table.lines[0].values[1]->mean == doctest::Approx(70));
  // Differences 10, 0, 10, 20: s = 8.16497, t(3) = 3.18245.
  CHECK(table.lines[0].values[2]->mean == doctest::Approx(10));
  CHECK(*table.lines[0].values[2]->half_width ==
        doctest::Approx(3.182446 * 8.164966 / 2).epsilon(1e-6));
}

TEST_CASE("only common episodes are paired") {
  const auto before = outcomes({{.accuracy = {0.5, 0.6, 0.9}}});
  const auto now = outcomes({{.accuracy = {0.7, 0.9, 0.3}, .first = 1}});
  const Table table = compare(now, before);
  CHECK(table.lines[0].labels[2] == "paired: 2 episodes");
  CHECK(table.lines[0].values[2]->mean == doctest::Approx(5));  // of 10 and 0
}

TEST_CASE("other episodes or other seeds: a plain difference that says so") {
  const auto before = outcomes({{.accuracy = kOld}});
  const auto other = outcomes({{.episode_file = "bbbb", .accuracy = kNew}});
  Table table = compare(other, before);
  CHECK(table.lines[0].labels[2] == "plain: other episodes");
  CHECK(table.lines[0].values[2]->mean == doctest::Approx(10));
  CHECK(!table.lines[0].values[2]->half_width);
  table = compare(outcomes({{.seed = "7", .accuracy = kNew}}), before);
  CHECK(table.lines[0].labels[2] == "plain: no common seed and episodes");
}

TEST_CASE("several common seeds: paired over the seeds' mean differences") {
  const auto before = outcomes({{.seed = "0", .accuracy = {0.5, 0.5}},
                                {.seed = "1", .accuracy = {0.6, 0.6}},
                                {.seed = "2", .accuracy = {0.1, 0.1}}});
  const auto now =
      outcomes({{.seed = "1", .accuracy = {0.7, 0.9}}, {.seed = "0", .accuracy = {0.6, 0.6}}});
  const Table table = compare(now, before);
  CHECK(table.lines[0].labels[2] == "paired: 2 seeds");
  CHECK(table.lines[0].values[2]->mean == doctest::Approx(15));  // of 10 and 20
  // s = 7.07107, t(1) = 12.70620.
  CHECK(*table.lines[0].values[2]->half_width == doctest::Approx(63.53102).epsilon(1e-6));
}

TEST_CASE("cells of one side only are listed") {
  const auto before = outcomes({{.cell = "gone", .accuracy = kOld}});
  const auto now = outcomes({{.cell = "fresh", .accuracy = kNew}});
  const Table table = compare(now, before);
  REQUIRE(table.lines.size() == 2);
  CHECK(table.lines[0].labels[2] == "only new");
  CHECK(!table.lines[0].values[0]);
  CHECK(table.lines[1].labels[2] == "only old");
  CHECK(!table.lines[1].values[1]);
}

TEST_CASE("against a table in any format it can be read from") {
  Table old =
      summarise(outcomes({{.accuracy = kOld}, {.cell = "gone", .accuracy = kOld}}), nullptr);
  old.lines.push_back({{"matching [1]", "published", "–", "–"}, {Estimate{98, {}}}, true});
  const auto now = outcomes({{.accuracy = kNew}});
  for (const char* format : {"markdown", "tsv", "json"}) {
    CAPTURE(format);
    const Table table = compare(now, parse_table(render(old, format), "old"));
    REQUIRE(table.lines.size() == 2);
    CHECK(table.lines[0].labels[2] == "plain: old side is a table");
    CHECK(table.lines[0].values[2]->mean == doctest::Approx(10));
    CHECK(table.lines[1].labels == std::vector<std::string>{"gone", "5w1s", "only old"});
  }
}
