#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "report/plots.hpp"

namespace attune {
namespace {

constexpr double kWidth = 620, kHeight = 400, kGap = 62, kTop = 70, kLegend = 190;

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
  const double percent = seeds[0]->metric == "accuracy" ? 100 : 1;
  for (std::size_t i = 0; i < points; ++i) {
    Curve::Point mean{0, 0};
    for (const Validation* seed : seeds) {
      mean.x += seed->curve[i].first / static_cast<double>(seeds.size());
      mean.y += percent * seed->curve[i].second / static_cast<double>(seeds.size());
    }
    curve.points.push_back(mean);
  }
  return curve;
}

}  // namespace

Drawing validation_plot(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  const Layout layout = layout_of(outcomes, experiment);
  std::vector<Curve> curves;
  std::vector<std::string> names;
  std::set<std::string> metrics;
  for (const auto& cell : layout.cells) {
    const auto seeds = validations_of(outcomes, cell);
    if (seeds.empty()) continue;
    for (const Validation* seed : seeds) metrics.insert(seed->metric + " on " + seed->episodes);
    curves.push_back(mean_curve(cell, seeds));
    names.push_back(cell);
  }
  if (curves.empty())
    throw Error("plot: want rows whose side files (.cost.json) tell validations and their times");
  if (metrics.size() > 1)
    throw Error("plot: want one validation for all models, have " + *metrics.begin() + " and " +
                *metrics.rbegin());
  const std::string metric = metrics.begin()->substr(0, metrics.begin()->find(' '));
  const auto across = range_of(curves, &Curve::Point::x, {1e300, 0});
  const auto up = range_of(curves, &Curve::Point::y, {1e300, -1e300});
  Drawing drawing;
  drawing.width = kGap + kWidth + kLegend + 30;
  drawing.height = kTop + kHeight + 50;
  const Chart chart(drawing, {kGap, kTop, kWidth, kHeight},
                    log_axis("seconds of training, validation apart", across.first, across.second),
                    linear_axis("validation " + metric + (metric == "accuracy" ? ", %" : ""),
                                up.first, up.second));
  chart.axes(plot_title("Validation against training time", experiment));
  for (std::size_t i = 0; i < curves.size(); ++i) chart.curve(curves[i], i);
  draw_legend(drawing, kGap + kWidth + 20, kTop + 8, names);
  return drawing;
}

}  // namespace attune
