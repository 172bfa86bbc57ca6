#include "report/plots.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace attune {
namespace {

struct Plot {
  std::string name;
  Drawing (*draw)(const std::vector<Outcome>&, const Experiment*);
};
const std::vector<Plot> kPlots = {
    {"calibration", calibration_plot}, {"cost", cost_plot}, {"validation", validation_plot}};

}  // namespace

std::string plot_title(const std::string& what, const Experiment* experiment) {
  return experiment ? title_of(what, experiment) : what;
}

Drawing draw_plot(const std::string& kind, const std::vector<Outcome>& outcomes,
                  const Experiment* experiment) {
  const auto plot = std::ranges::find(kPlots, kind, &Plot::name);
  if (plot == kPlots.end())
    throw UsageError("kind: want one of " + join(plot_kinds(), ", ") + ", have " + kind);
  return plot->draw(outcomes, experiment);
}

}  // namespace attune
