#include <algorithm>

#include "report/side_tables.hpp"
#include "report/tell_origins.hpp"

namespace attune {

std::optional<Calibration> calibration_of(const Seeds& seeds) {
  Calibration all;
  for (const Outcome* outcome : seeds) {
    if (!outcome->costs || !outcome->costs->calibration) return std::nullopt;
    all += *outcome->costs->calibration;
  }
  if (all.count() == 0) return std::nullopt;
  return all;
}

namespace {

// Mean confidence less accuracy, percent.
double overconfidence(const Calibration& calibration) {
  double sum = 0;
  for (const auto& bin : calibration.bins()) sum += bin.confidence - static_cast<double>(bin.right);
  return 100 * sum / static_cast<double>(calibration.count());
}

}  // namespace

Table calibration_table(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  const Layout layout = layout_of(outcomes, experiment);
  Table table;
  table.title = title_of("Calibration", experiment);
  table.labels = {"model"};
  for (const auto& test : layout.tests) table.columns.push_back({"ECE/" + test, false, true, 2});
  for (const auto& test : layout.tests) table.columns.push_back({"over/" + test, true, true, 2});
  for (const auto& cell : layout.cells) {
    Table::Line line;
    line.labels = {cell};
    std::vector<std::optional<Estimate>> over;
    for (const auto& test : layout.tests) {
      const auto calibration = calibration_of(seeds_of(outcomes, cell, test));
      line.values.push_back(std::nullopt);
      over.push_back(std::nullopt);
      if (!calibration) continue;
      line.values.back() = Estimate{100 * calibration->expected_error(), {}};
      over.back() = Estimate{overconfidence(*calibration), {}};
    }
    line.values.insert(line.values.end(), over.begin(), over.end());
    const auto known = [](const auto& value) { return value.has_value(); };
    if (std::ranges::any_of(line.values, known)) table.lines.push_back(std::move(line));
  }
  table.notes = {
      "In percent, over all answers of all episodes and seeds. ECE: expected calibration error, "
      "the "
      "mean of |accuracy − confidence| over " +
          std::to_string(Calibration::kBins) +
          " bins of equal width, weighed by their answers (Guo et al. 2017); confidence is the "
          "probability of the class that is answered.",
      "over: mean confidence less accuracy: above 0 the model is surer of itself than it may be, "
      "below 0 less sure.",
      "From the side files (*.cost.json) beside the rows."};
  tell_origins(table, outcomes);
  return table;
}

}  // namespace attune
