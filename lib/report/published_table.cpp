#include <algorithm>
#include <cmath>

#include "report/side_tables.hpp"
#include "report/summarise.hpp"

namespace attune {

namespace {

Estimate difference(const Estimate& ours, const Estimate& published) {
  Estimate result{ours.mean - published.mean, {}};
  if (ours.half_width && published.half_width) {
    result.half_width = std::hypot(*ours.half_width, *published.half_width);
  }
  return result;
}

}  // namespace

Table published_table(const std::vector<Outcome>& outcomes, const Experiment& experiment) {
  const Layout layout = layout_of(outcomes, &experiment);
  Table table;
  table.title = title_of("Beside published numbers", &experiment);
  table.labels = {"model", "test", "published as", "source"};
  const ScoreKind& kind = common_kind(outcomes);
  table.columns = {{"ours", false, false, kind.decimals},
                   {"published", false, false, kind.decimals},
                   {"difference", true, false, kind.decimals}};
  table.notes = {
      kind.title +
      ". Other episodes, other code, often another protocol: a difference here "
      "is no paired one. Its interval is that of independent means, where both print one."};
  for (const PublishedLine& line : experiment.published) {
    bool used = false;
    for (const CellRecipe& cell : experiment.cells) {
      if (cell.published != line.name) continue;
      for (const auto& test : layout.tests) {
        const Seeds seeds = seeds_of(outcomes, cell.name, test);
        const auto value = line.values.find(test);
        if (seeds.empty() || value == line.values.end()) continue;
        const Estimate ours = cell_estimate(seeds);
        table.lines.push_back({{cell.name, test, line.name, line.source},
                               {ours, value->second, difference(ours, value->second)},
                               false,
                               {}});
        used = true;
      }
    }
    if (used && !line.protocol.empty()) {
      table.notes.push_back(line.name + ", protocol: " + line.protocol + ".");
    }
  }
  return table;
}

}  // namespace attune
