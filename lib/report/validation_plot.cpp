#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "report/plots.hpp"
#include "report/tell_origins.hpp"

namespace attune {
namespace {

constexpr double kFinest = 0.01;  // seconds: what side files round to

// The curves of a cell's seeds, one for each, from the first test that has them.
std::vector<const Validation*> validations_of(const std::vector<Outcome>& outcomes,
                                              const std::string& cell) {
  std::vector<const Validation*> found;
  std::set<std::int64_t> seen;
  for (const auto& outcome : outcomes) {
    if (outcome.cell != cell || !outcome.costs || !outcome.costs->validation) continue;
    const Validation& validation = *outcome.costs->validation;
    if (!validation.curve.empty() && seen.insert(outcome.seed).second) found.push_back(&validation);
  }
  return found;
}

// Means over the seeds of the validations that all of them reached.
Curve mean_curve(const std::string& cell, const std::vector<const Validation*>& seeds) {
  Curve curve{cell, {}};
  if (seeds.empty()) return curve;
  std::size_t points = seeds[0]->curve.size();
  for (const Validation* seed : seeds) points = std::min(points, seed->curve.size());
  const ScoreKind* kind = find_score_kind(seeds[0]->metric);
  const double percent = kind ? kind->factor : 1;
  for (std::size_t i = 0; i < points; ++i) {
    Curve::Point mean{0, 0};
    for (const Validation* seed : seeds) {
      mean.x += seed->curve[i].first / static_cast<double>(seeds.size());
      mean.y += percent * seed->curve[i].second / static_cast<double>(seeds.size());
    }
    mean.x = std::max(mean.x, kFinest);
    curve.points.push_back(mean);
  }
  return curve;
}

// Cells that one set of episodes validated by one metric; only their scores may be compared.
struct Panel {
  std::string metric, episodes;
  std::vector<Curve> curves;  // one for each cell of the layout, empty for those of other panels
};

std::vector<Panel> panels_of(const std::vector<Outcome>& outcomes, const Layout& layout) {
  std::vector<Panel> panels;
  for (std::size_t i = 0; i < layout.cells.size(); ++i) {
    const auto seeds = validations_of(outcomes, layout.cells[i]);
    if (seeds.empty()) continue;
    const auto same = [&](const Panel& panel) {
      return panel.metric == seeds[0]->metric && panel.episodes == seeds[0]->episodes;
    };
    auto panel = std::ranges::find_if(panels, same);
    if (panel == panels.end())
      panel = panels.insert(panels.end(), {seeds[0]->metric, seeds[0]->episodes,
                                           std::vector<Curve>(layout.cells.size())});
    panel->curves[i] = mean_curve(layout.cells[i], seeds);
  }
  return panels;
}

}  // namespace

Drawing validation_plot(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  const Layout layout = layout_of(outcomes, experiment);
  const auto panels = panels_of(outcomes, layout);
  if (panels.empty())
    throw Error("plot: want rows whose side files (.cost.json) tell validations and their times");
  ChartRow row(plot_title("Validation against training time", experiment), 480, 380,
               told_names(layout.cells, outcomes));
  for (const Panel& panel : panels) {
    const auto across = range_of(panel.curves, &Curve::Point::x, {1e300, 0});
    const ScoreKind* kind = find_score_kind(panel.metric);
    const auto up = range_of(panel.curves, &Curve::Point::y, {1e300, -1e300});
    const Chart chart =
        row.add("validation episodes " + panel.episodes,
                log_axis("core-seconds of training, validation apart", across.first, across.second),
                linear_axis(kind ? kind->axis : panel.metric, up.first, up.second));
    row.draw(chart, panel.curves);
  }
  return row.finish();
}

}  // namespace attune
