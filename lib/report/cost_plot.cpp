#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "report/plots.hpp"
#include "report/summarise.hpp"
#include "report/tell_origins.hpp"

namespace attune {
namespace {

constexpr double kMega = 1e6;

// The cell's tests with this number of ways that have costs, from few shots to many.
Curve curve_of(const std::vector<Outcome>& outcomes, const Layout& layout, const std::string& cell,
               std::int64_t ways) {
  Curve curve{cell, {}};
  std::vector<std::pair<std::int64_t, Curve::Point>> points;
  for (const auto& test : layout.tests) {
    const Seeds seeds = seeds_of(outcomes, cell, test);
    if (seeds.empty() || seeds[0]->extent("ways") != ways) continue;
    if (!seeds[0]->costs || !seeds[0]->costs->answer_multiply_adds) continue;
    const Estimate accuracy = cell_estimate(seeds);
    const double cost = *seeds[0]->costs->answer_multiply_adds / kMega;
    if (cost > 0)
      points.push_back(
          {seeds[0]->extent("shots"), {cost, accuracy.mean, accuracy.half_width.value_or(0)}});
  }
  std::ranges::stable_sort(points, {}, [](const auto& point) { return point.first; });
  for (const auto& [shots, point] : points) curve.points.push_back(point);
  return curve;
}

}  // namespace

Drawing cost_plot(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  const Layout layout = layout_of(outcomes, experiment);
  std::set<std::int64_t> ways;
  for (const auto& outcome : outcomes)
    if (outcome.costs && outcome.costs->answer_multiply_adds) ways.insert(outcome.extent("ways"));
  if (ways.empty())
    throw Error("plot: want rows whose side files (.cost.json) tell the cost of answering");
  ChartRow row(plot_title("Accuracy against cost", experiment), 420, 360,
               told_names(layout.cells, outcomes));
  for (const std::int64_t count : ways) {
    std::vector<Curve> curves;
    for (const auto& cell : layout.cells) curves.push_back(curve_of(outcomes, layout, cell, count));
    const auto across = range_of(curves, &Curve::Point::x, {1e300, 0});
    const auto up = range_of(curves, &Curve::Point::y, {100, 0});
    if (across.first > across.second) continue;
    const Chart chart = row.add(
        std::to_string(count) + " ways",
        log_axis("10⁶ multiply-adds of an episode beside encoding", across.first, across.second),
        linear_axis(common_kind(outcomes).axis, up.first, up.second));
    row.draw(chart, curves);
  }
  return row.finish();
}

}  // namespace attune
