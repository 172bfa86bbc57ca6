#include "report/ranks.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/scratch.hpp"
#include "report/outcome_rows.hpp"
#include "report/summarise.hpp"

using namespace attune;

namespace {

std::vector<Outcome> scored(const std::vector<std::pair<const char*, double>>& cells) {
  std::vector<Rows> files;
  for (const auto& [cell, accuracy] : cells)
    files.push_back(OutcomeRows{.cell = cell, .accuracy = {accuracy, accuracy}}.rows());
  return gather_outcomes(files);
}

double value_of(const Table& table, std::size_t line, const char* column) {
  return table.lines[line].values[*table.column(column)]->mean;
}

}  // namespace

TEST_CASE("ranks of the cells that both sides have, and how far they agree") {
  const auto images = scored({{"a", 0.9}, {"b", 0.7}, {"alone", 0.1}, {"c", 0.5}, {"d", 0.5}});
  const auto texts = scored({{"d", 0.2}, {"c", 0.4}, {"b", 0.8}, {"a", 0.6}});
  const Table there = parse_table(to_tsv(summarise(images, nullptr)), "images");
  const Table table = rank_table(texts, nullptr, there, "images");
  REQUIRE(table.lines.size() == 5);
  CHECK(table.lines[0].labels == std::vector<std::string>{"5w1s", "d"});
  CHECK(value_of(table, 0, "here") == doctest::Approx(20));
  CHECK(value_of(table, 0, "there") == doctest::Approx(50));
  CHECK(value_of(table, 0, "rank here") == 4);
  CHECK(value_of(table, 0, "rank there") == 3.5);
  CHECK(value_of(table, 2, "rank here") == 1);
  CHECK(value_of(table, 2, "rank there") == 2);
  CHECK(table.lines[4].labels[1] == "all 4");
  // Of six pairs one is tied there, four agree and one does not: 3 / sqrt(6 * 5).
  CHECK(value_of(table, 4, "Kendall's tau-b") == doctest::Approx(3 / std::sqrt(30.0)));
  CHECK(to_markdown(table).find("images") != std::string::npos);
}

TEST_CASE("ranks want three cells in common and a table of models") {
  const auto two = scored({{"a", 0.9}, {"b", 0.7}});
  const Table there = parse_table(to_tsv(summarise(two, nullptr)), "images");
  CHECK(message_of<Error>([&] {
          rank_table(two, nullptr, there, "images");
        }).find("images: want a test with three cells") == 0);
  Table other = there;
  other.labels[0] = "name";
  CHECK_THROWS_AS(rank_table(two, nullptr, other, "images"), Error);
}
