#include "report/table_rules.hpp"

#include <algorithm>

namespace attune {

std::string table_rules(RuleBook& book, const Experiment& experiment, const std::string& path,
                        const std::string& results, const std::string& rows,
                        const std::string& probed) {
  std::string targets;
  const auto add = [&](const std::string& ending, const std::string& program,
                       const std::string& how, const std::string& from,
                       const std::string& also = "") {
    const std::string target = results + "/tables/" + experiment.name + ending;
    targets += " " + target;
    book.rule(target, path + from + also + " | $(BIN)/attune-" + program,
              "\t@mkdir -p $(@D)\n\t@$(BIN)/attune-" + program + how + " --experiment " + path +
                  " -o $@" + from + "\n",
              experiment.name + ": its tables");
  };
  const std::string score = experiment.score.empty() ? "" : " --score " + experiment.score;
  add(".md", "tabulate", score, rows);
  add(".tsv", "tabulate", score + " --format tsv", rows);
  add(".pairs.md", "tabulate", score + " --pairs", rows);
  add(".cost.md", "tabulate", " --costs", rows);
  const auto beside = [](const CellRecipe& cell) { return !cell.published.empty(); };
  if (std::ranges::any_of(experiment.cells, beside))
    add(".published.md", "tabulate", " --published", rows);
  if (!probed.empty()) add(".faithfulness.md", "tabulate", " --faithfulness", probed);
  if (!experiment.ranks.empty()) {
    // The committed one, also where a trial's results go elsewhere.
    const std::string other = "results/tables/" + experiment.ranks + ".tsv";
    add(".ranks.md", "tabulate", " --ranks " + other, rows, " " + other);
  }
  for (const auto& plot : experiment.plots) {
    add("." + plot + ".svg", "plot", " " + plot, rows);
    if (plot == "calibration") add(".calibration.md", "tabulate", " --calibration", rows);
  }
  return targets;
}

}  // namespace attune
