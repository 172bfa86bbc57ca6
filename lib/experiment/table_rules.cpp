#include "experiment/table_rules.hpp"

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
  // Those that one run makes: reading the rows takes longer than most of the tables.
  std::vector<std::string> together;
  std::string writes;
  const auto write = [&](const std::string& kind, const std::string& ending) {
    const std::string target = results + "/tables/" + experiment.name + ending;
    together.push_back(target);
    targets += " " + target;
    writes += " --write " + kind + "=" + target;
  };
  write("scores", ".md");
  write("scores", ".tsv");
  write("pairs", ".pairs.md");
  write("costs", ".cost.md");
  const auto beside = [](const CellRecipe& cell) { return !cell.published.empty(); };
  if (std::ranges::any_of(experiment.cells, beside)) write("published", ".published.md");
  if (std::ranges::count(experiment.plots, "calibration") > 0)
    write("calibration", ".calibration.md");
  const std::string score = experiment.score.empty() ? "" : " --score " + experiment.score;
  book.rule(together, path + rows + " | $(BIN)/attune-tabulate",
            "\t@mkdir -p $(@D)\n\t@$(BIN)/attune-tabulate" + score + " --experiment " + path +
                writes + rows + "\n",
            experiment.name + ": its tables");
  if (!probed.empty()) add(".faithfulness.md", "tabulate", " --faithfulness", probed);
  if (!experiment.ranks.empty()) {
    // The committed one, also where a trial's results go elsewhere.
    const std::string other = "results/tables/" + experiment.ranks + ".tsv";
    add(".ranks.md", "tabulate", " --ranks " + other, rows, " " + other);
  }
  for (const auto& plot : experiment.plots) add("." + plot + ".svg", "plot", " " + plot, rows);
  return targets;
}

}  // namespace attune
