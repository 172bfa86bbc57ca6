#include "report/pairs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "report/outcome_rows.hpp"
#include "report/summarise.hpp"

using namespace attune;

namespace {

std::vector<Outcome> outcomes(const std::vector<OutcomeRows>& parts) {
  std::vector<Rows> files;
  for (const auto& part : parts) files.push_back(part.rows());
  return gather_outcomes(files);
}

std::string cell_of(const Table& table, std::size_t line, const char* label) {
  return table.lines[line].labels[*table.label(label)];
}

double value_of(const Table& table, std::size_t line, const char* column) {
  return table.lines[line].values[*table.column(column)]->mean;
}

// Twelve episodes on which b is better by 0.1 each time, c the same but for one episode.
const std::vector<double> kLow(12, 0.5), kHigh(12, 0.6);

std::vector<double> nearly(std::vector<double> values) {
  values.front() += 0.1;
  return values;
}

Costs validated(double score, const std::string& episodes = "vvvv", bool own_pool = true) {
  Costs costs;
  costs.own_pool = own_pool;
  costs.validation = Validation{"accuracy", episodes, score};
  return costs;
}

}  // namespace

TEST_CASE("pairs of models: paired over the same episodes, Holm over all lines") {
  const Table table = pair_table(outcomes({{.cell = "a", .accuracy = kLow},
                                           {.cell = "b", .accuracy = kHigh},
                                           {.cell = "c", .accuracy = nearly(kLow)}}),
                                 nullptr);
  REQUIRE(table.lines.size() == 3);
  CHECK(table.lines[0].labels == std::vector<std::string>{"5w1s", "a", "b", "models: 12 episodes"});
  CHECK(cell_of(table, 1, "against") == "c");
  CHECK(cell_of(table, 2, "model") == "b");
  CHECK(value_of(table, 0, "difference") == doctest::Approx(-10));
  // All twelve signs agree: 2 of 2^12 patterns. One difference alone: both. Eleven agree: 2 of
  // 2^11.
  CHECK(value_of(table, 0, "p sign-flip") == doctest::Approx(2.0 / 4096));
  CHECK(value_of(table, 1, "p sign-flip") == 1);
  CHECK(value_of(table, 2, "p sign-flip") == doctest::Approx(2.0 / 2048));
  CHECK(value_of(table, 0, "p Holm") == doctest::Approx(3 * 2.0 / 4096));
  CHECK(value_of(table, 1, "p Holm") == 1);
  CHECK(value_of(table, 2, "p Holm") == doctest::Approx(2 * 2.0 / 2048));
  CHECK(is_bold(table.lines[0], 0));
  CHECK(!is_bold(table.lines[1], 0));
  const std::string text = to_markdown(table);
  CHECK(text.find("| **-10.00 ± 0.00** |") != std::string::npos);
  CHECK(text.find("over the 3 lines") != std::string::npos);
  CHECK(
      to_tsv(table).starts_with("test\tmodel\tagainst\tclaim about\tdifference\tdifference_ci95\t"
                                "p sign-flip\tp Student\tp Holm\n"));
}

TEST_CASE("of episodes of languages, the groups of languages are the sample") {
  // Languages 0 and 1 are one group, 2 and 3 one each; language 2 has two episodes.
  const auto told = [](const std::string& cell, const std::vector<std::string>& scores) {
    Rows rows;
    rows.origin = cell;
    rows.columns = {"cell",  "trained_on", "seed",        "test",     "episode_file", "model",
                    "shots", "episode",    "exact_match", "language", "group"};
    const std::vector<std::string> language = {"0", "1", "2", "2", "3"},
                                   group = {"0", "0", "2", "2", "3"};
    for (std::size_t i = 0; i < 5; ++i)
      rows.lines.push_back({cell, "-", "0", "k5", "aaaa", cell, "5", std::to_string(i), scores[i],
                            language[i], group[i]});
    return rows;
  };
  const std::vector<Rows> files = {told("one", {"1", "0", "0.5", "0.7", "0.9"}),
                                   told("two", {"0.5", "0.3", "0.5", "0.5", "0.5"})};
  const auto all = gather_outcomes(files);
  // Groups: 0.5, 0.6, 0.9 and 0.4, 0.5, 0.5; t(0.975, 2) = 4.3027.
  const Table table = summarise(all, nullptr);
  CHECK(value_of(table, 0, "k5") == doctest::Approx(100 * 2 / 3.0));
  const double deviation = std::sqrt((1 / 36.0 + 1 / 225.0 + 49 / 900.0) / 2);
  CHECK(*table.lines[0].values[0]->half_width ==
        doctest::Approx(100 * 4.3027 * deviation / std::sqrt(3)).epsilon(1e-4));
  CHECK(table.notes.front().find("over groups of languages for one seed") != std::string::npos);
  const Table pairs = pair_table(all, nullptr);
  CHECK(cell_of(pairs, 0, "claim about") == "models: 3 groups of languages");
  CHECK(value_of(pairs, 0, "difference") == doctest::Approx(100 * (0.1 + 0.1 + 0.4) / 3));
  auto single = files;  // one language: its episodes are the sample
  for (Rows& one : single)
    for (auto& line : one.lines) line[9] = line[10] = "4";
  const Table alone = summarise(gather_outcomes(single), nullptr);
  CHECK(value_of(alone, 0, "k5") == doctest::Approx(62));
  CHECK(alone.lines[0].values[0]->half_width.has_value());
  CHECK(alone.notes.front().find("over episodes for one seed") != std::string::npos);
  auto wrong = files;
  wrong[0].lines[3].back() = "1";
  CHECK_THROWS_WITH_AS(gather_outcomes(wrong), doctest::Contains("group: want 2 as before"), Error);
}

TEST_CASE("planned pairs stand alone, and Holm counts them alone") {
  Experiment experiment;
  for (const char* name : {"a", "b", "c"}) experiment.cells.emplace_back().name = name;
  experiment.cells[2].against = {"b"};
  experiment.tests.emplace_back().name = "5w1s";
  const auto all = outcomes({{.cell = "a", .accuracy = kLow},
                             {.cell = "b", .accuracy = kHigh},
                             {.cell = "c", .accuracy = nearly(kLow)}});
  const Table table = pair_table(all, &experiment);
  REQUIRE(table.lines.size() == 1);
  CHECK(cell_of(table, 0, "model") == "c");
  CHECK(cell_of(table, 0, "against") == "b");
  CHECK(value_of(table, 0, "p Holm") == doctest::Approx(2.0 / 2048));
  CHECK(table.notes.front().find("planned") != std::string::npos);
  experiment.cells[2].against.clear();
  CHECK(pair_table(all, &experiment).lines.size() == 3);
}

TEST_CASE("pairs of methods: paired over common seeds, by Student's t") {
  const auto seed = [](const char* cell, const char* number, double accuracy) {
    return OutcomeRows{
        .cell = cell, .seed = number, .model = number, .accuracy = {accuracy, accuracy}};
  };
  const Table table =
      pair_table(outcomes({seed("a", "0", 0.60), seed("a", "1", 0.65), seed("a", "2", 0.70),
                           seed("a", "9", 0.10), seed("b", "2", 0.61), seed("b", "1", 0.60),
                           seed("b", "0", 0.54)}),
                 nullptr);
  REQUIRE(table.lines.size() == 1);
  CHECK(cell_of(table, 0, "claim about") == "methods: 3 seeds");
  // Differences 6, 5, 9: mean 6.667, s = 2.0817, t(2) = 4.30265.
  CHECK(value_of(table, 0, "difference") == doctest::Approx(20.0 / 3));
  CHECK(*table.lines[0].values[0]->half_width ==
        doctest::Approx(4.302653 * 2.081666 / std::sqrt(3)).epsilon(1e-6));
  CHECK(value_of(table, 0, "p sign-flip") == 0.25);
  // t = 5.547 with 2 degrees of freedom, where p = 1 - t/√(2 + t²).
  const double t = 20.0 / 3 / (2.081666 / std::sqrt(3));
  CHECK(value_of(table, 0, "p Student") == doctest::Approx(1 - t / std::sqrt(2 + t * t)));
  CHECK(value_of(table, 0, "p Holm") == value_of(table, 0, "p Student"));
}

TEST_CASE("rows of different episode files are not paired") {
  const auto mixed =
      outcomes({{.accuracy = kLow}, {.cell = "b", .episode_file = "bbbb", .accuracy = kHigh}});
  CHECK_THROWS_AS(pair_table(mixed, nullptr), Error);
  CHECK(pair_table(outcomes({{.accuracy = kLow}}), nullptr).lines.empty());
}

TEST_CASE("the best on validation is bold, with all that are not significantly worse") {
  auto all = outcomes({{.cell = "floor", .trained_on = "-", .accuracy = kLow},
                       {.cell = "chosen", .accuracy = kHigh},
                       {.cell = "same", .accuracy = nearly(kHigh)},
                       {.cell = "lucky", .accuracy = std::vector<double>(12, 0.9)}});
  const auto bold = [&] {
    const Table table = summarise(all, nullptr);
    std::vector<bool> marks;
    for (const auto& line : table.lines) marks.push_back(is_bold(line, 0));
    return marks;
  };
  const std::vector<bool> none(4, false);
  CHECK(bold() == none);
  all[1].costs = validated(0.9);
  all[2].costs = validated(0.8);
  // The lucky one is better on the test, but validation, which alone may choose, says otherwise.
  all[3].costs = validated(0.7);
  CHECK(bold() == std::vector<bool>{false, true, true, true});
  all[3].costs = validated(0.95);
  CHECK(bold() == std::vector<bool>{false, false, false, true});
  // Trained on another pool, it can't be chosen, though not being worse it is still bold.
  all[3].costs = validated(0.95, "wwww", false);
  CHECK(bold() == std::vector<bool>{false, true, true, true});
  // Two validations of different episodes rank nothing.
  all[3].costs = validated(0.95, "wwww");
  CHECK(bold() == none);
  all[3].costs = validated(0.95);
  for (auto& outcome : all) {
    if (outcome.costs) outcome.costs->validation->metric = "loss";
  }
  CHECK(bold() == std::vector<bool>{false, true, true, true});  // "same" has the lowest: 0.8
}

TEST_CASE("bold survives Markdown and JSON, and LaTeX sets it") {
  auto all = outcomes({{.cell = "a", .accuracy = kHigh}, {.cell = "b", .accuracy = kLow}});
  all[0].costs = validated(0.9);
  const Table table = summarise(all, nullptr);
  CHECK(to_markdown(table).find("| **60.00 ± 0.00** |") != std::string::npos);
  CHECK(to_latex(table).find("$\\mathbf{60.00 \\pm 0.00}$") != std::string::npos);
  CHECK(parse_table(to_markdown(table), "t").lines[0].values[0]->mean == 60);
  const Table json = parse_table(to_json(table), "t");
  CHECK(is_bold(json.lines[0], 0));
  CHECK(!is_bold(json.lines[1], 0));
  CHECK(to_json(json) == to_json(table));
  CHECK(to_markdown(table).find("Holm over 1 comparisons") != std::string::npos);
}

TEST_CASE("bold is drawn at 5 %, in tables of pairs and of methods") {
  // Of 12 episodes some are worse by 0.1 and the others equal: 2 of 2^4 patterns of four, 2 of 2^6
  // of six are as extreme, which is 0.125 and 0.03125.
  const auto worse_in = [](std::size_t episodes) {
    std::vector<double> values = kHigh;
    std::fill_n(values.begin(), episodes, 0.5);
    return values;
  };
  for (const std::size_t episodes : {4, 6}) {
    CAPTURE(episodes);
    auto all = outcomes(
        {{.cell = "best", .accuracy = kHigh}, {.cell = "rival", .accuracy = worse_in(episodes)}});
    all[0].costs = validated(0.9);
    all[1].costs = validated(0.8);
    const Table pairs = pair_table(all, nullptr);
    REQUIRE(pairs.lines.size() == 1);
    CHECK(value_of(pairs, 0, "p Holm") == std::ldexp(2.0, -static_cast<int>(episodes)));
    CHECK(is_bold(pairs.lines[0], 0) == (episodes == 6));
    const Table table = summarise(all, nullptr);
    CHECK(is_bold(table.lines[0], 0));
    CHECK(is_bold(table.lines[1], 0) == (episodes == 4));  // not significantly worse
  }
}

TEST_CASE("methods of several seeds are ranked by Student's t, which three seeds can satisfy") {
  // All three seeds are worse by 0.1: t is infinite, while of 2^3 sign patterns 2 are as extreme.
  const auto seed = [](const char* cell, const char* number, double accuracy) {
    return OutcomeRows{.cell = cell,
                       .seed = number,
                       .model = std::string(cell) + number,
                       .accuracy = {accuracy, accuracy}};
  };
  auto all =
      outcomes({seed("best", "0", 0.70), seed("best", "1", 0.72), seed("best", "2", 0.75),
                seed("rival", "0", 0.60), seed("rival", "1", 0.62), seed("rival", "2", 0.65)});
  for (auto& outcome : all) outcome.costs = validated(outcome.cell == "best" ? 0.9 : 0.8);
  const Table table = summarise(all, nullptr);
  CHECK(is_bold(table.lines[0], 0));
  CHECK(!is_bold(table.lines[1], 0));
}

TEST_CASE("one common episode makes no pair, two do") {
  for (const std::size_t common : {1, 2}) {
    CAPTURE(common);
    const auto all = outcomes({{.cell = "a", .accuracy = {0.5, 0.6, 0.7}},
                               {.cell = "b", .accuracy = {0.9, 0.8, 0.4}, .first = 3 - common}});
    const Table table = pair_table(all, nullptr);
    CHECK(table.lines.size() == common - 1);
    CHECK(pair_up({&all[0]}, {&all[1]}).has_value() == (common == 2));
  }
  // A seed with one common episode is no part of a claim about methods.
  const auto seed = [](const char* cell, const char* number, std::size_t first) {
    return OutcomeRows{.cell = cell,
                       .seed = number,
                       .model = std::string(cell) + number,
                       .accuracy = {0.5, 0.6, 0.7},
                       .first = first};
  };
  const Table table =
      pair_table(outcomes({seed("a", "0", 0), seed("a", "1", 0), seed("a", "2", 0),
                           seed("b", "0", 0), seed("b", "1", 1), seed("b", "2", 2)}),
                 nullptr);
  REQUIRE(table.lines.size() == 1);
  CHECK(cell_of(table, 0, "claim about") == "methods: 2 seeds");
}
