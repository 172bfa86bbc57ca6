#include <algorithm>

#include "base/error.hpp"
#include "report/plots.hpp"
#include "report/side_tables.hpp"
#include "report/tell_origins.hpp"

namespace attune {
namespace {

constexpr std::uint64_t kFewest = 100;  // answers that a point stands for

Curve curve_of(const std::string& cell, const std::optional<Calibration>& calibration) {
  Curve curve{cell, {}};
  if (!calibration) return curve;
  for (const Calibration::Bin& bin : calibration->bins()) {
    if (bin.count < kFewest) continue;
    const double count = static_cast<double>(bin.count);
    curve.points.push_back({bin.confidence / count, static_cast<double>(bin.right) / count});
  }
  return curve;
}

}  // namespace

Drawing calibration_plot(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  const Layout layout = layout_of(outcomes, experiment);
  ChartRow row(plot_title("Reliability", experiment), 300, 300, told_names(layout.cells, outcomes));
  bool any = false;
  for (const auto& test : layout.tests) {
    const Chart chart =
        row.add(test, linear_axis("confidence", 0, 1), linear_axis("accuracy", 0, 1));
    chart.guide(0, 0, 1, 1, "");
    std::vector<Curve> curves;
    for (const auto& cell : layout.cells) {
      curves.push_back(curve_of(cell, calibration_of(seeds_of(outcomes, cell, test))));
      any = any || !curves.back().points.empty();
    }
    row.draw(chart, curves);
  }
  if (!any) throw Error("plot: want rows whose side files (.cost.json) tell the calibration");
  return row.finish();
}

}  // namespace attune
