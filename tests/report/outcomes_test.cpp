#include "report/outcomes.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/rows.hpp"
#include "base/scratch.hpp"
#include "report/outcome_rows.hpp"

using namespace attune;

namespace {

const OutcomeRows kRows{.accuracy = {0.5, 0.6, 0.7}};

// What is said of the rows with one field of line 4 changed.
std::string edited(const std::string& column, const std::string& value) {
  Rows rows = kRows.rows();
  rows.lines[2][rows.column(column)] = value;
  return message_of<Error>([&] { gather_outcomes({rows}); });
}

Rows translated(const std::string& exact, const std::string& chrf) {
  Rows rows;
  rows.origin = "t.tsv";
  rows.columns = {"cell",  "trained_on", "seed",    "test",        "episode_file", "model",
                  "shots", "queries",    "episode", "exact_match", "chrf"};
  rows.lines = {{"a", "-", "0", "k5", "aaaa", "m", "5", "5", "0", exact, chrf}};
  return rows;
}

}  // namespace

TEST_CASE("edited rows are refused in every column, shown or not") {
  CHECK(edited("accuracy", "0.75").empty());
  const std::vector<std::pair<std::string, std::string>> edits = {
      {"accuracy", "0.123"}, {"accuracy", "1.7"}, {"accuracy", "-0.1"}, {"loss", "nan"},
      {"loss", "-1"},        {"episode", "-3"},   {"episode", "1.5"},   {"ways", "20"},
      {"shots", "2"},        {"queries", "x"},    {"queries", "15"},    {"seed", "x"},
      {"seed", "-1"},        {"model", "m9"},     {"episode_file", "b"}};
  for (const auto& [column, value] : edits) {
    const std::string message = edited(column, value);
    CAPTURE(column);
    CAPTURE(message);
    CHECK(message.find("matching-s0.5w1s: line 4: " + column) != std::string::npos);
  }
  Rows nothing = kRows.rows();
  for (auto& line : nothing.lines) line[8] = "0";
  CHECK_THROWS_AS(gather_outcomes({nothing}), Error);
}

TEST_CASE("exact match is a whole number of queries, other scores stay in their range") {
  const auto taken = [](const Rows& rows, const std::string& score) {
    return message_of<Error>([&] { gather_outcomes({rows}, score); }).empty();
  };
  CHECK(taken(translated("0.2", "48.852003"), "chrf"));
  CHECK(!taken(translated("0.3", "48.852003"), "chrf"));
  CHECK(!taken(translated("0.2", "148"), ""));
}

TEST_CASE("a file that has a header alone is refused beside others, too") {
  Rows none = OutcomeRows{.cell = "none", .accuracy = {}}.rows();
  CHECK(message_of<Error>([&] {
          gather_outcomes({kRows.rows(), none});
        }) == "none-s0.5w1s: want at least one row, have the header alone");
}

TEST_CASE("a side file of other rows or of another model is refused") {
  const Scratch scratch;
  std::string seal, other;
  Rows rows = with_origin(kRows.rows(), test_origin());
  for (auto& line : rows.lines) line[rows.column("model")] = "0123456789abcdef";
  const std::string path = scratch.put("r.tsv", seal_rows(rows, seal));
  rows.lines.pop_back();
  seal_rows(rows, other);
  const std::string set = seal.substr(0, 16), strange = other.substr(0, 16);
  const auto side = [](const std::string& of_rows, const std::string& of_model) {
    return R"({"set": ")" + of_rows + R"(", "evaluate_seconds": 7, "model": {"set": ")" + of_model +
           R"("}})";
  };
  const auto refusal = [&] { return message_of<Error>([&] { read_outcomes({path}); }); };
  const auto seconds = [&] { return read_outcomes({path}).front().costs->evaluate_seconds; };

  scratch.put("r.tsv.cost.json", side(set, "0123456789abcdef"));
  CHECK(seconds() == 7);
  scratch.put("r.tsv.cost.json", R"({"evaluate_seconds": 8})");  // of an older version
  CHECK(seconds() == 8);
  scratch.put("r.tsv.cost.json", side(set, "fedcba9876543210"));
  CHECK(refusal().find("fedcba9876543210") != std::string::npos);
  scratch.put("r.tsv.cost.json", side(strange, "0123456789abcdef"));
  const std::string message = refusal();
  for (const std::string& part :
       {set, strange, std::string("r.tsv.cost.json"), std::string("evaluate again")}) {
    CAPTURE(message);
    CHECK(message.find(part) != std::string::npos);
  }
  // A kill came between the rows and the name of their side file.
  scratch.put("r.tsv.cost.json." + set, side(set, "0123456789abcdef"));
  CHECK(seconds() == 7);
  // Old rows, whose side file came anew.
  const std::string old = scratch.put("old.tsv", format_rows(kRows.rows()));
  scratch.put("old.tsv.cost.json", side(set, "m0"));
  CHECK_THROWS_AS(read_outcomes({old}), Error);
}
