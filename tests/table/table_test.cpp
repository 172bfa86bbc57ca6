#include "table/table.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"

using namespace attune;

namespace {

Table sample() {
  Table table;
  table.title = "Two models";
  table.labels = {"model", "saw"};
  table.columns = {{"5w1s"}, {"change", true}};
  table.lines = {{{"matching", "train"}, {Estimate{98.404, 0.1149}, Estimate{0.25, 0.125}}, false},
                 {{"a|b & c_d", "–"}, {Estimate{9.5, {}}, std::nullopt}, true}};
  table.notes = {"one note", "another, with \"quotes\""};
  return table;
}

void check_equal(const Table& a, const Table& b, double tolerance) {
  CHECK(a.labels == b.labels);
  REQUIRE(a.columns.size() == b.columns.size());
  REQUIRE(a.lines.size() == b.lines.size());
  for (std::size_t i = 0; i < a.lines.size(); ++i) {
    CHECK(a.lines[i].labels == b.lines[i].labels);
    for (std::size_t j = 0; j < a.columns.size(); ++j) {
      CHECK(a.columns[j].name == b.columns[j].name);
      const auto &x = a.lines[i].values[j], &y = b.lines[i].values[j];
      REQUIRE(x.has_value() == y.has_value());
      if (!x) continue;
      CHECK(std::abs(x->mean - y->mean) <= tolerance);
      REQUIRE(x->half_width.has_value() == y->half_width.has_value());
      if (x->half_width) CHECK(std::abs(*x->half_width - *y->half_width) <= tolerance);
    }
  }
}

}  // namespace

TEST_CASE("markdown is aligned by characters, not bytes, and escapes pipes") {
  CHECK(to_markdown(sample()) ==
        "# Two models\n"
        "\n"
        "| model      | saw   |         5w1s |       change |\n"
        "| :--------- | :---- | -----------: | -----------: |\n"
        "| matching   | train | 98.40 ± 0.11 | +0.25 ± 0.12 |\n"
        "| a\\|b & c_d | –     |         9.50 |            – |\n"
        "\n"
        "- one note\n"
        "- another, with \"quotes\"\n");
}

TEST_CASE("TSV and CSV give mean and half-width columns of their own") {
  CHECK(to_tsv(sample()) ==
        "model\tsaw\t5w1s\t5w1s_ci95\tchange\tchange_ci95\n"
        "matching\ttrain\t98.4040\t0.1149\t0.2500\t0.1250\n"
        "a|b & c_d\t–\t9.5000\tNA\tNA\tNA\n");
  Table table = sample();
  table.lines[1].labels = {"say \"a, b\"", "x,y"};
  CHECK(to_csv(table) ==
        "model,saw,5w1s,5w1s_ci95,change,change_ci95\n"
        "matching,train,98.4040,0.1149,0.2500,0.1250\n"
        "\"say \"\"a, b\"\"\",\"x,y\",9.5000,NA,NA,NA\n");
}

TEST_CASE("LaTeX escapes what TeX reads and sets published lines apart") {
  CHECK(to_latex(sample()) ==
        "% needs \\usepackage{booktabs}\n"
        "% Two models\n"
        "\\begin{tabular}{llrr}\n"
        "\\toprule\n"
        "model & saw & 5w1s & change \\\\\n"
        "\\midrule\n"
        "matching & train & $98.40 \\pm 0.11$ & $+0.25 \\pm 0.12$ \\\\\n"
        "\\midrule\n"
        "a\\textbar{}b \\& c\\_d & – & $9.50$ & -- \\\\\n"
        "\\bottomrule\n"
        "\\end{tabular}\n"
        "% one note\n"
        "% another, with \"quotes\"\n");
  Table table = sample();
  table.lines[0].labels[0] = "100% #1 {x} $y$ ~^\\";
  CHECK(to_latex(table).find("100\\% \\#1 \\{x\\} \\$y\\$ \\textasciitilde{}\\textasciicircum{}"
                             "\\textbackslash{} & train") != std::string::npos);
}

TEST_CASE("a table comes back from markdown, TSV and JSON") {
  const Table table = sample();
  check_equal(parse_table(to_markdown(table), "t.md"), table, 0.0051);
  check_equal(parse_table(to_tsv(table), "t.tsv"), table, 0.000051);
  const Table json = parse_table(to_json(table), "t.json");
  check_equal(json, table, 0.000051);
  CHECK(json.title == table.title);
  CHECK(json.notes == table.notes);
  CHECK(json.lines[1].published);
  CHECK(json.columns[1].is_difference);
  CHECK(to_json(json) == to_json(parse_table(to_json(json), "again")));
}

TEST_CASE("differences show their sign, and zero has none too many") {
  CHECK(estimate_text({-0.001, 0.5}, 2, true, " ± ") == "+0.00 ± 0.50");
  CHECK(estimate_text({-0.001, {}}, 2, false, " ± ") == "0.00");
  CHECK(estimate_text({-1.5, {}}, 1, true, " ± ") == "-1.5");
}

TEST_CASE("damaged tables are refused") {
  CHECK_THROWS_AS(parse_table("| model | 5w1s |\n| :-- | --: |\n| a | b |\n", "t"), Error);
  CHECK_THROWS_AS(parse_table("| model | 5w1s |\n| :-- | --: |\n| a |\n", "t"), Error);
  CHECK_THROWS_AS(parse_table("model\tx\na\tb\n", "t"), Error);
  CHECK_THROWS_AS(parse_table("", "t"), Error);
  CHECK_THROWS_AS(render(sample(), "html"), UsageError);
}

TEST_CASE("plain numbers have their own decimals, one field, and never become zero") {
  Table table;
  table.labels = {"model"};
  table.columns = {{"5w1s"}, {"p", false, true, 4}, {"parameters", false, true, 0}};
  table.lines = {{{"a"}, {Estimate{50, 1}, Estimate{0.00001, {}}, Estimate{1500, {}}}, false, {}},
                 {{"b"}, {Estimate{50, 1}, Estimate{0, {}}, std::nullopt}, false, {false, true}}};
  CHECK(to_markdown(table) ==
        "| model |         5w1s |          p | parameters |\n"
        "| :---- | -----------: | ---------: | ---------: |\n"
        "| a     | 50.00 ± 1.00 |    <0.0001 |       1500 |\n"
        "| b     | 50.00 ± 1.00 | **0.0000** |          – |\n");
  CHECK(to_tsv(table) ==
        "model\t5w1s\t5w1s_ci95\tp\tparameters\n"
        "a\t50.0000\t1.0000\t0.000010\t1500.0000\n"
        "b\t50.0000\t1.0000\t0.000000\tNA\n");
  check_equal(parse_table(to_tsv(table), "t"), table, 1e-9);
  check_equal(parse_table(to_markdown(table), "t"), table, 1e-4);
  const Table json = parse_table(to_json(table), "t");
  CHECK(to_json(json) == to_json(table));
  CHECK(json.columns[1].plain);
  CHECK(json.columns[1].decimals == 4);
}
