#include "report/tell_origins.hpp"

#include <doctest/doctest.h>

#include "base/scratch.hpp"
#include "report/compare.hpp"
#include "report/outcome_rows.hpp"
#include "report/pairs.hpp"
#include "report/plots.hpp"
#include "report/ranks.hpp"
#include "report/side_tables.hpp"
#include "report/summarise.hpp"

using namespace attune;

namespace {

const std::vector<double> kLow(12, 0.5), kHigh(12, 0.6), kHighest(12, 0.7);

Rows rows_of(const std::string& cell, const std::string& mode = "inductive",
             const std::string& bits = "avx2", const std::string& seed = "0",
             const std::vector<double>& accuracy = kLow) {
  Origin origin = test_origin();
  origin.mode = mode;
  origin.bits = bits;
  return with_origin(
      OutcomeRows{.cell = cell, .seed = seed, .model = cell + seed, .accuracy = accuracy}.rows(),
      origin);
}

// Trained on the classes that it is tested on, too.
Rows leaked(const std::string& cell) {
  return with_origin(
      OutcomeRows{.cell = cell, .trained_on = "glyphs:train+test", .accuracy = kHighest}.rows(),
      test_origin());
}

std::vector<std::string> models_of(const Table& table, const char* label = "model") {
  std::vector<std::string> names;
  for (const auto& line : table.lines) names.push_back(line.labels[*table.label(label)]);
  return names;
}

// The note that begins so; "" where there is none.
std::string note_of(const Table& table, const std::string& start) {
  for (const auto& note : table.notes)
    if (note.starts_with(start)) return note;
  return "";
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("transductive rows are marked in every table, and a note says what that is") {
  auto outcomes =
      gather_outcomes({rows_of("a"), rows_of("b", "transductive", "avx2", "0", kHigh),
                       rows_of("c-transductive", "transductive", "avx2", "0", kHighest)});
  const Names marked = {"a", "b (transductive)", "c-transductive"};
  for (auto& outcome : outcomes) {
    outcome.costs.emplace();
    outcome.costs->calibration.emplace();
    outcome.costs->calibration->bins()[14] = {60, 45, 57};
  }
  for (const Table& table :
       {summarise(outcomes, nullptr), cost_table(outcomes, nullptr),
        calibration_table(outcomes, nullptr), noise_table(outcomes, nullptr)}) {
    CHECK(models_of(table) == marked);
    CHECK(note_of(table, "Transductive: ").find("support and queries together") !=
          std::string::npos);
  }
  const Table pairs = pair_table(outcomes, nullptr);
  CHECK(models_of(pairs) == Names{"a", "a", "b (transductive)"});
  CHECK(models_of(pairs, "against") ==
        Names{"b (transductive)", "c-transductive", "c-transductive"});
  CHECK(!note_of(pairs, "Transductive: ").empty());
  Table other = summarise(outcomes, nullptr);
  other.lines[2].labels[0] = "c-transductive (inductive)";
  const Table ranks = rank_table(outcomes, nullptr, other, "other.md");
  CHECK(models_of(ranks) == Names{"a", "b (transductive)", "c-transductive", "all 3"});
  Experiment toy;
  for (const char* name : {"a", "b", "c-transductive"}) toy.cells.emplace_back().name = name;
  toy.cells[1].transductive = toy.cells[2].transductive = true;
  toy.cells[1].published = "P";
  toy.tests.emplace_back().name = "5w1s";
  toy.tests.back().split = "test";
  toy.published = {{"P", "S 2016", "", "", {{"5w1s", Estimate{80, 4.0}}}}};
  CHECK(models_of(published_table(outcomes, toy)) == Names{"b (transductive)"});
  const Table plain = summarise(gather_outcomes({rows_of("a")}), nullptr);
  CHECK(note_of(plain, "Transductive: ").empty());
  CHECK(plain.notes.size() == 2);
}

TEST_CASE("a name that denies or claims the mode is set right") {
  const Table table = summarise(gather_outcomes({rows_of("non-transductive", "transductive"),
                                                 rows_of("a-transductive"), rows_of("nonlinear")}),
                                nullptr);
  CHECK(models_of(table) ==
        Names{"non-transductive (transductive)", "a-transductive (inductive)", "nonlinear"});
  CHECK(bare_name("a (transductive) †") == "a");
  CHECK(bare_name("a †") == "a");
  CHECK(bare_name("a (b)") == "a (b)");
}

TEST_CASE("a model tested on what it was trained on is marked and never bold") {
  auto outcomes = gather_outcomes(
      {leaked("cheat"), rows_of("a"), rows_of("b", "inductive", "avx2", "0", kHigh)});
  for (auto& outcome : outcomes) {
    outcome.costs.emplace();
    outcome.costs->own_pool = true;
    outcome.costs->validation = Validation{"accuracy", "vvvv", 0.5};
  }
  outcomes[0].costs->validation->score = 0.9;
  outcomes[1].costs->validation->score = 0.8;
  const Table table = summarise(outcomes, nullptr);
  CHECK(models_of(table) == Names{"cheat †", "a", "b"});
  CHECK(!is_bold(table.lines[0], 0));
  CHECK(is_bold(table.lines[1], 0));
  CHECK(is_bold(table.lines[2], 0));
  CHECK(note_of(table, "† ") ==
        "† tested on classes that it was trained on, and so never bold: cheat (5w1s).");
  const Table pairs = pair_table(outcomes, nullptr);
  CHECK(models_of(pairs) == Names{"cheat †", "cheat †", "a"});
  CHECK(!is_bold(pairs.lines[0], 0));
  CHECK(is_bold(pairs.lines[2], 0));
  CHECK(!note_of(pairs, "† ").empty());
}

TEST_CASE("classes of bits are named where there are several") {
  const auto bits = [](const std::vector<Rows>& files) {
    return note_of(summarise(gather_outcomes(files), nullptr), "Rows by class of bits");
  };
  const Rows a = rows_of("a"), b = rows_of("b"), c = rows_of("c", "inductive", "avx512");
  CHECK(bits({a, b}).empty());
  CHECK(bits({a, c, b}) == "Rows by class of bits: avx2: a, b; avx512: c.");
  const Rows old = OutcomeRows{.cell = "d", .accuracy = kLow}.rows();
  CHECK(bits({a, old, c}) == "Rows by class of bits: avx2: a; avx512: c; not recorded: d.");
  CHECK(bits({a, rows_of("a", "inductive", "avx512", "1")}) ==
        "Rows by class of bits: avx2: a (seed 0); avx512: a (seed 1).");
}

TEST_CASE("of old rows one note says what is not recorded, and nothing is marked") {
  const Rows old = OutcomeRows{.cell = "d", .accuracy = kLow}.rows();
  const Table table = summarise(gather_outcomes({old}), nullptr);
  CHECK(models_of(table) == Names{"d"});
  CHECK(table.notes.size() == 3);
  CHECK(table.notes.back() ==
        "Split, mode (inductive or transductive), pools, configuration and class of bits are not "
        "recorded: rows of an older version.");
  CHECK(to_markdown(table).find("20 queries per class, split not recorded;") != std::string::npos);
  const Table mixed = summarise(gather_outcomes({old, rows_of("a")}), nullptr);
  CHECK(mixed.notes.size() == 4);
  CHECK(mixed.notes.back().ends_with("rows of an older version: d."));
  CHECK(to_markdown(mixed).find("test classes of glyphs;") != std::string::npos);
}

TEST_CASE("pictures name what is transductive or seen") {
  const auto outcomes = gather_outcomes({leaked("cheat"), rows_of("a", "transductive")});
  CHECK(told_names({"cheat", "a", "none"}, outcomes) ==
        Names{"cheat (tested on what it was trained on)", "a (transductive)", "none"});
}

TEST_CASE("marks do not part new rows from older tables, and other modes are said") {
  const auto now = gather_outcomes({rows_of("a", "transductive")});
  const auto before = gather_outcomes({rows_of("a")});
  const Table rows = compare(now, before);
  CHECK(models_of(rows) == Names{"a (transductive)"});
  CHECK(models_of(rows, "difference by") ==
        Names{"paired: 12 episodes; old inductive, new transductive"});
  for (const auto* side : {&now, &before}) {
    const Table old = parse_table(to_tsv(summarise(*side, nullptr)), "old.tsv");
    const Table table = compare(now, old);
    REQUIRE(table.lines.size() == 1);
    CHECK(models_of(table, "difference by") == Names{"plain: old side is a table"});
  }
  const Table old = parse_table(to_tsv(summarise(now, nullptr)), "old.tsv");
  CHECK(models_of(compare(before, old), "difference by") ==
        Names{"plain: old side is a table; old transductive, new inductive"});
}
