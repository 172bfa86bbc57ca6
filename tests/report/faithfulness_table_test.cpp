#include "report/faithfulness_table.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "statistics/interval.hpp"

using namespace attune;

namespace {

constexpr const char* kMeasures[] = {"accuracy",   "loss",      "effective",   "auc_attention",
                                     "auc_random", "auc_class", "delete_top",  "delete_any",
                                     "swap_top",   "swap_any",  "tau_removal", "tau_swap"};

// Episode e: auc_random 0.9, auc_attention 0.5 + e/100, everything else 0.25.
Rows rows_of(const std::string& cell, const std::string& seed, double shift,
             const std::string& file = "abc") {
  Rows rows;
  rows.origin = cell;
  rows.columns = {"cell",  "trained_on", "seed",  "test",    "episode_file",
                  "model", "ways",       "shots", "queries", "episode"};
  for (const char* prefix : {"", "random_"})
    for (const char* name : kMeasures) rows.columns.push_back(prefix + std::string(name));
  rows.columns.push_back("tau_random");
  for (int e = 0; e < 4; ++e) {
    std::vector<std::string> line = {cell,        "p:train", seed, "5w5s", file,
                                     cell + seed, "5",       "5",  "4",    std::to_string(e)};
    for (std::size_t c = line.size(); c < rows.columns.size(); ++c) {
      const bool random = rows.columns[c] == "auc_random";
      const bool own = rows.columns[c] == "auc_attention";
      line.push_back(random ? "0.9" : own ? std::to_string(0.5 + shift + 0.01 * e) : "0.25");
    }
    rows.lines.push_back(line);
  }
  return rows;
}

Experiment experiment_of(const std::vector<std::string>& cells, const std::string& control) {
  Experiment experiment;
  experiment.name = "toy";
  for (const auto& cell : cells) {
    experiment.cells.emplace_back();
    experiment.cells.back().name = cell;
  }
  experiment.faithfulness = FaithfulnessRecipe{.test = "5w5s", .cells = cells, .control = control};
  return experiment;
}

Estimate value(const Table& table, std::size_t line, const std::string& column) {
  const auto at = table.column(column);
  REQUIRE(at.has_value());
  REQUIRE(table.lines[line].values[*at].has_value());
  return *table.lines[line].values[*at];
}

}  // namespace

TEST_CASE("differences are paired, in percent, with their interval") {
  const Table table = faithfulness_table({rows_of("one", "0", 0)}, nullptr);
  REQUIRE(table.lines.size() == 1);
  const Interval gain = mean_interval(std::vector<double>{40, 39, 38, 37});
  CHECK(value(table, 0, "gain over random").mean == doctest::Approx(gain.mean));
  CHECK(value(table, 0, "gain over random").half_width.value() == doctest::Approx(gain.half_width));
  CHECK(value(table, 0, "gain, learned").mean == doctest::Approx(38.5));
  CHECK(value(table, 0, "accuracy").mean == doctest::Approx(25));
  CHECK(value(table, 0, "τ swapped").mean == doctest::Approx(0.25));
}

TEST_CASE("several seeds: the interval is over their means; the control is paired by episode") {
  const Experiment toy = experiment_of({"flat", "one"}, "flat");
  const Table table = faithfulness_table(
      {rows_of("one", "0", 0), rows_of("one", "1", 0.1), rows_of("flat", "0", 0.4)}, &toy);
  const Interval seeds = mean_interval(std::vector<double>{38.5, 28.5});
  CHECK(value(table, 1, "gain over random").mean == doctest::Approx(seeds.mean));
  CHECK(value(table, 1, "gain over random").half_width.value() ==
        doctest::Approx(seeds.half_width));
  CHECK(value(table, 1, "gain over flat").mean == doctest::Approx(35));
  CHECK(table.lines[0].labels[0] == "flat");
  CHECK(!table.lines[0].values.back().has_value());
}

TEST_CASE("what can't stand in one table is refused") {
  const Rows one = rows_of("one", "0", 0);
  CHECK_THROWS_AS(faithfulness_table({one, rows_of("two", "0", 0, "def")}, nullptr), Error);
  const Experiment lacks_rows = experiment_of({"one", "two"}, "two");
  const Experiment lacks_cell = experiment_of({"two"}, "");
  CHECK_THROWS_AS(faithfulness_table({one}, &lacks_rows), Error);
  CHECK_THROWS_AS(faithfulness_table({one}, &lacks_cell), Error);
  CHECK_THROWS_AS(faithfulness_table({}, nullptr), Error);
  Rows lacking = one;
  lacking.columns.back() = "other";
  CHECK_THROWS_AS(faithfulness_table({lacking}, nullptr), Error);
  Rows broken = one;
  broken.lines[0].back() = "nan";
  CHECK_THROWS_AS(faithfulness_table({broken}, nullptr), Error);
}
