#include "report/ranks.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/summarise.hpp"
#include "report/tell_origins.hpp"
#include "statistics/rank_agreement.hpp"

namespace attune {

namespace {

std::optional<double> score_in(const Table& table, const std::string& cell,
                               const std::string& test) {
  const auto model = table.label("model"), training = table.label("trained on");
  const auto column = table.column(test);
  if (!column) return std::nullopt;
  for (const auto& line : table.lines) {
    if (training && line.labels[*training] == kPublished) continue;
    const std::string& name = line.labels[*model];
    if ((name != cell && bare_name(name) != cell) || !line.values[*column]) continue;
    return line.values[*column]->mean;
  }
  return std::nullopt;
}

// 1 = the largest; equal values share the mean of their places.
std::vector<double> ranks(const std::vector<double>& scores) {
  std::vector<double> places;
  for (const double score : scores) {
    const auto above = std::ranges::count_if(scores, [&](double x) { return x > score; });
    const auto equal = std::ranges::count(scores, score);
    places.push_back(static_cast<double>(above) + (static_cast<double>(equal) + 1) / 2);
  }
  return places;
}

struct Common {
  std::vector<std::string> cells;
  std::vector<double> here, there;
};

Common common_cells(const std::vector<Outcome>& outcomes, const Layout& layout,
                    const std::string& test, const Table& other) {
  Common common;
  for (const auto& cell : layout.cells) {
    const Seeds seeds = seeds_of(outcomes, cell, test);
    const auto there = score_in(other, cell, test);
    if (seeds.empty() || !there) continue;
    common.cells.push_back(cell);
    common.here.push_back(cell_estimate(seeds).mean);
    common.there.push_back(*there);
  }
  return common;
}

Estimate plain(double value) { return {value, {}}; }

}  // namespace

Table rank_table(const std::vector<Outcome>& outcomes, const Experiment* experiment,
                 const Table& other, const std::string& other_name) {
  if (!other.label("model")) throw Error(other_name + ": want a column \"model\", have none");
  const Layout layout = layout_of(outcomes, experiment);
  const ScoreKind& kind = common_kind(outcomes);
  Table table;
  table.title = title_of("Ranks", experiment);
  table.labels = {"test", "model"};
  table.columns = {{"here", false, true, kind.decimals}, {"there", false, true, kind.decimals},
                   {"rank here", false, true, 1},        {"rank there", false, true, 1},
                   {"Kendall's tau-b", false, true, 2},  {"p", false, true, 4}};
  for (const auto& test : layout.tests) {
    const Common common = common_cells(outcomes, layout, test, other);
    if (common.cells.size() < 3) continue;
    const auto here = ranks(common.here), there = ranks(common.there);
    for (std::size_t i = 0; i < common.cells.size(); ++i)
      table.lines.push_back({{test, common.cells[i]},
                             {plain(common.here[i]), plain(common.there[i]), plain(here[i]),
                              plain(there[i]), std::nullopt, std::nullopt},
                             false,
                             {}});
    table.lines.push_back({{test, "all " + std::to_string(common.cells.size())},
                           {std::nullopt, std::nullopt, std::nullopt, std::nullopt,
                            plain(kendall_tau(common.here, common.there)),
                            plain(kendall_test(common.here, common.there))},
                           false,
                           {}});
  }
  if (table.lines.empty())
    throw Error(other_name + ": want a test with three cells in common, have none");
  table.notes = {kind.title + " here, and there: in " + other_name +
                     ", on its tests of the same names. Rank 1 is the best.",
                 "Kendall's tau-b: 1 where both rank alike, -1 where one is the other turned "
                 "round, 0 where they have nothing to do with each other; p of that, two-sided, by "
                 "permutation."};
  tell_origins(table, outcomes);
  return table;
}

}  // namespace attune
