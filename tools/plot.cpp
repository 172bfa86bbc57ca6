#include "base/cli.hpp"
#include "base/text.hpp"
#include "report/plots.hpp"

namespace po = boost::program_options;
using namespace attune;

namespace {

const ToolInfo kInfo{
    "plot", "per-episode rows to a picture, SVG or PNG",
    "  attune-plot cost --experiment experiments/attention-shots.json -o shots.svg rows/*.tsv.gz\n"
    "\n"
    "cost: accuracy against what an episode costs beside encoding, a curve per model over the\n"
    "tests from few shots to many. calibration: accuracy against confidence, a panel per test.\n"
    "validation: validation score against core-seconds of training. All are read from "
    "ROWS.cost.json\n"
    "beside each file of rows.\n"};

void plot(const po::variables_map& options) {
  const auto paths = options.count("rows") ? options["rows"].as<std::vector<std::string>>()
                                           : std::vector<std::string>{};
  if (paths.empty()) throw UsageError("rows: want at least one file, have none");
  const auto output = options["output"].as<std::string>();
  check_picture_name(output);
  std::optional<Experiment> experiment;
  if (options.count("experiment"))
    experiment = load_experiment(options["experiment"].as<std::string>());
  const auto outcomes = read_outcomes(paths);
  save_drawing(
      draw_plot(options["kind"].as<std::string>(), outcomes, experiment ? &*experiment : nullptr),
      output);
}

}  // namespace

int main(int argc, char** argv) try {
  po::options_description options;
  const std::string kinds = join(plot_kinds(), ", ");
  options.add_options()("kind", po::value<std::string>()->required(), kinds.c_str())(
      "rows", po::value<std::vector<std::string>>(),
      "files of per-episode rows (.tsv or .tsv.gz), - for stdin")(
      "experiment", po::value<std::string>(), "experiment that orders the models")(
      "output,o", po::value<std::string>()->required(), "picture: .svg, or .png");
  po::positional_options_description positional;
  positional.add("kind", 1);
  positional.add("rows", -1);
  return run_tool(argc, argv, kInfo, options, positional, plot);
} catch (const std::bad_alloc&) {
  return out_of_memory(kInfo);
}
