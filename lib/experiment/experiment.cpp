#include "experiment/experiment.hpp"

#include <algorithm>
#include <boost/filesystem/path.hpp>
#include <set>
#include <string_view>

#include "base/config.hpp"
#include "base/error.hpp"
#include "base/json_node.hpp"
#include "base/text.hpp"
#include "experiment/experiment_checks.hpp"
#include "experiment/make_names.hpp"
#include "metric/score.hpp"

namespace attune {

namespace {

using Names = std::vector<std::string>;
using namespace experiment_checks;

constexpr const char* kClassification = "classification";

std::vector<std::int64_t> read_seeds(const Config& node, const std::vector<std::int64_t>& fallback,
                                     std::string_view doc) {
  const auto seeds = node.integers("seeds", fallback, {0, 1 << 30}, doc);
  Names names;
  for (const auto seed : seeds) names.push_back(std::to_string(seed));
  check_once(node, "seeds", names);
  return seeds;
}

template <typename Item>
Names names_of(const std::vector<Item>& items) {
  Names names;
  for (const auto& item : items) names.push_back(item.name);
  return names;
}

PoolRecipe read_pool_recipe(const Config& node, const std::string& name, const std::string& task) {
  check_name(node, "", name);
  check_keys(node, {"reader", "input", "config", "needs"});
  PoolRecipe pool;
  pool.name = name;
  if (task == kClassification || node.has("reader")) {
    pool.reader = node.required_text("reader", "kind of attune-convert's reader");
    check_name(node, "reader", pool.reader);
  }
  pool.input = node.text("input", "", "file or folder to read; may hold $(DATA)");
  pool.needs = node.text("needs", "", "what $(DATA) must be");
  pool.config = node.child("config").clone().given();
  if (!pool.input.empty() && !is_input(pool.input))
    refuse(node, "input", kInputGrammar, pool.input);
  return pool;
}

EpisodeRecipe read_episode_recipe(const Config& node, const std::string& name,
                                  const std::string& split, const Names& pools,
                                  const std::string& task) {
  check_name(node, "", name);
  const bool classification = task == kClassification;
  check_keys(node, classification ? Names{"pool", "split", "ways", "shots", "queries", "episodes",
                                          "seed", "distinct_groups", "without_replacement"}
                                  : Names{"pool", "split", "config", "episodes", "seed"});
  EpisodeRecipe recipe;
  recipe.name = name;
  recipe.key = node.path();
  recipe.pool = node.text("pool", pools.size() == 1 ? pools.front() : "", "whose classes");
  if (std::ranges::find(pools, recipe.pool) == pools.end()) {
    unknown(node, "pool", pools, recipe.pool);
  }
  recipe.split = node.text("split", split, "train, val, test, or several joined by +");
  if (!is_split(recipe.split)) refuse(node, "split", kSplitGrammar, recipe.split);
  recipe.episodes = node.integer("episodes", recipe.episodes, {1, 1 << 30}, "how many");
  recipe.seed = node.integer("seed", recipe.seed, {0, std::int64_t{1} << 62}, "of the draw");
  if (!classification) {
    recipe.config = node.child("config").clone().given();  // the pool's part is added by the plan
    return recipe;
  }
  recipe.ways = node.integer("ways", recipe.ways, {2, 1 << 20}, "N, classes");
  recipe.shots =
      node.integer("shots", recipe.shots, {1, 1 << 20}, "K, labelled examples per class");
  recipe.queries = node.integer("queries", recipe.queries, {1, 1 << 20}, "queries per class");
  recipe.distinct_groups = node.flag("distinct_groups", false, "support and query share no group");
  recipe.without_replacement = node.flag("without_replacement", false, "no example used twice");
  return recipe;
}

void read_lender(const Config& node, CellRecipe& cell) {
  const std::string from = node.text("from", "", "experiment/cell that trains the model");
  if (from.empty()) return;
  const auto parts = split(from, '/');
  if (parts.size() != 2 || !is_name(parts[0]) || !is_name(parts[1]) || node.has("config") ||
      node.has("pool") || node.has("final") || node.has("validation")) {
    throw UsageError(node.origin() + ": " + node.path() +
                     ".from: want \"experiment/cell\" without pool, config, final and validation, "
                     "have \"" +
                     from + "\"");
  }
  cell.seeds = read_seeds(node, {}, "which of the lender's runs, all if none");
  cell.lender = parts[0];
  cell.lent = parts[1];
}

// A cell's own validation says what differs from its pool's; its name says all, since cells may
// share it.
void read_validation(const Config& node, const Config& root, const std::string& task,
                     CellRecipe& cell) {
  if (!node.has("validation")) return;
  Config merged = root.child("validation").child(cell.pool).clone();
  merged.merge(node.child("validation").clone());
  EpisodeRecipe recipe = read_episode_recipe(merged, "val", "val", {cell.pool}, task);
  recipe.key = node.path() + ".validation";
  if (task != kClassification) {
    recipe.name = "val-" + cell.name;
    cell.validation = recipe;
    return;
  }
  recipe.name = "val-" + cell.pool + "-" + std::to_string(recipe.ways) + "w" +
                std::to_string(recipe.shots) + "s" + std::to_string(recipe.queries) + "q" +
                std::to_string(recipe.episodes) + "e" + std::to_string(recipe.seed);
  cell.validation = recipe;
}

// After all cells, which it may name.
void read_against(const Config& node, Experiment& experiment, CellRecipe& cell) {
  cell.against = node.texts("against", {}, "cells that this one is planned to be compared with");
  for (const auto& other : cell.against) {
    if (other == cell.name || !experiment.has_cell(other)) {
      Names others = names_of(experiment.cells);
      std::erase(others, cell.name);
      unknown(node, "against", others, other);
    }
  }
  check_once(node, "against", cell.against);
}

CellRecipe read_cell(const Config& node, const Config& root, const Experiment& experiment) {
  check_keys(node, {"name", "pool", "config", "final", "seeds", "tests", "from", "transductive",
                    "episodes", "published", "validation", "against"});
  CellRecipe cell;
  cell.name = node.required_text("name", "of the line in the table");
  check_name(node, "name", cell.name);
  read_lender(node, cell);
  if (cell.lender.empty()) {
    const Names pools = names_of(experiment.pools);
    cell.pool = node.text("pool", pools.size() == 1 ? pools.front() : "", "trained on");
    if (std::ranges::find(pools, cell.pool) == pools.end()) unknown(node, "pool", pools, cell.pool);
    // What is simulated has no second split to see.
    const bool simulated = experiment.pool(cell.pool).reader.empty();
    const Names finals = simulated ? Names{"train", "none"} : Names{"train+val", "train", "none"};
    const std::string final =
        root.choice("final", finals.front(), finals, "what the final model saw");
    cell.final = node.choice("final", final, finals, "what the final model saw");
    cell.seeds = read_seeds(node, read_seeds(root, {0}, "one run each"), "one run each");
    Config config = root.child("base").clone();
    config.merge(node.child("config").clone());
    if (experiment.task != kClassification) config.merge(task_config(experiment, cell.pool));
    cell.config = config.given();
    read_validation(node, root, experiment.task, cell);
  }
  cell.transductive =
      node.flag("transductive", false, "batch statistics of each test episode, for its own use");
  cell.episodes = node.integer("episodes", 0, {0, 1 << 30}, "first so many of each test, 0 = all");
  cell.published = node.text("published", "", "published line to print beside it");
  const Names lines = names_of(experiment.published);
  if (!cell.published.empty() && std::ranges::find(lines, cell.published) == lines.end()) {
    unknown(node, "published", lines, cell.published);
  }
  const Names tests = names_of(experiment.tests);
  cell.tests = node.texts("tests", tests, "columns of this line");
  for (const auto& test : cell.tests) {
    if (!experiment.has_test(test)) unknown(node, "tests", tests, test);
  }
  check_once(node, "tests", cell.tests);
  return cell;
}

PublishedLine read_published(const Config& node, const Experiment& experiment) {
  check_keys(node, {"name", "source", "saw", "protocol", "beside", "values", "episodes"});
  PublishedLine line;
  line.name = node.required_text("name", "of the method");
  line.source = node.required_text("source", "author and year");
  line.saw = node.text("saw", "–", "train or train+val");
  line.protocol = node.text("protocol", "", "what differs from ours");
  line.episodes =
      node.integer("episodes", 0, {0, 1'000'000'000}, "that its scores are means over; 0: unknown");
  const Config values = node.child("values");
  for (const auto& test : values.keys()) {
    if (!experiment.has_test(test)) unknown(node, "values", names_of(experiment.tests), test);
    const Config::RealRange range = experiment.task == kClassification
                                        ? Config::RealRange{0, 100}
                                        : Config::RealRange{-1e9, 1e9};
    const auto numbers = values.reals(test, {}, range, "as shown, and half-width if printed");
    if (numbers.empty() || numbers.size() > 2) {
      throw UsageError(values.origin() + ": " + values.path() + "." + test +
                       ": want [score] or [score, half-width], have " +
                       std::to_string(numbers.size()) + " numbers");
    }
    Estimate& estimate = line.values[test];
    estimate.mean = numbers[0];
    if (numbers.size() == 2) estimate.half_width = numbers[1];
  }
  return line;
}

// A published line may also name the cells: those of an experiment that another is like.
void read_beside(const Config& node, Experiment& experiment) {
  for (const auto& name : node.texts("beside", {}, "cells to print this line beside")) {
    const auto cell = std::ranges::find(experiment.cells, name, &CellRecipe::name);
    if (cell == experiment.cells.end()) unknown(node, "beside", names_of(experiment.cells), name);
    cell->published = node.required_text("name", "of the method");
  }
}

FaithfulnessRecipe read_faithfulness(const Config& node, const Experiment& experiment) {
  check_keys(node, {"test", "episodes", "queries", "cells", "control"});
  FaithfulnessRecipe recipe;
  recipe.test = node.required_text("test", "whose first episodes are taken; 2 shots or more");
  const auto test = std::ranges::find(experiment.tests, recipe.test, &EpisodeRecipe::name);
  if (test == experiment.tests.end())
    unknown(node, "test", names_of(experiment.tests), recipe.test);
  if (experiment.task != kClassification) {
    throw UsageError(node.origin() + ": " + node.path() + ": want an experiment of " +
                     kClassification + ", have one of " + experiment.task);
  }
  if (test->shots < 2) {
    throw UsageError(node.origin() + ": " + node.path() +
                     ".test: want 2 shots or more, since one must stay, have " + recipe.test +
                     " with 1");
  }
  recipe.episodes = node.integer("episodes", recipe.episodes, {2, 1 << 30}, "how many");
  recipe.queries = node.integer("queries", recipe.queries, {1, 1 << 20}, "measured per class");
  const Names cells = names_of(experiment.cells);
  recipe.cells = node.texts("cells", cells, "whose attention is measured");
  recipe.control = node.text("control", "", "cell that the others are compared with");
  for (const auto& cell : recipe.cells) {
    if (std::ranges::find(cells, cell) == cells.end()) unknown(node, "cells", cells, cell);
  }
  check_once(node, "cells", recipe.cells);
  if (!recipe.control.empty() &&
      std::ranges::find(recipe.cells, recipe.control) == recipe.cells.end()) {
    unknown(node, "control", recipe.cells, recipe.control);
  }
  return recipe;
}

// The file with what it takes from another, and overridden.
Config read_root(const std::string& path, const std::vector<std::string>& overrides) {
  Config root = Config::load(path);
  const Names keys = {"title",      "claim",        "task",  "pools", "tests",
                      "validation", "base",         "cells", "seeds", "final",
                      "published",  "faithfulness", "plots", "ranks", "score"};
  if (const auto model = root.text("like", "", "experiment whose keys hold where absent");
      !model.empty()) {
    check_name(root, "like", model);
    const auto folder = boost::filesystem::path(path).parent_path();
    const Config other = Config::load((folder / (model + ".json")).string());
    check_keys(other, keys);
    root.complete(other);
  }
  for (const auto& assignment : overrides) root.set(assignment);
  Names known = keys;
  known.push_back("like");
  check_keys(root, known);
  return root;
}

// Pools, tests and validations.
void read_episodes(const Config& root, Experiment& experiment) {
  const Config pools = root.child("pools"), tests = root.child("tests");
  for (const auto& name : pools.keys()) {
    experiment.pools.push_back(read_pool_recipe(pools.child(name), name, experiment.task));
  }
  const Names pool_names = names_of(experiment.pools);
  for (const auto& name : tests.keys()) {
    experiment.tests.push_back(
        read_episode_recipe(tests.child(name), name, "test", pool_names, experiment.task));
  }
  const Config validation = root.child("validation");
  for (const auto& name : validation.keys()) {
    if (std::ranges::find(pool_names, name) == pool_names.end()) {
      unknown(root, "validation", pool_names, name);
    }
    experiment.validation[name] =
        read_episode_recipe(validation.child(name), "val-" + name, "val", {name}, experiment.task);
  }
}

void read_cells(const Config& root, Experiment& experiment) {
  std::set<std::string> seen;
  for (const Config& node : root.children("cells")) {
    experiment.cells.push_back(read_cell(node, root, experiment));
    if (!seen.insert(experiment.cells.back().name).second) {
      throw UsageError(node.origin() + ": " + node.path() + ": want names that differ, have \"" +
                       experiment.cells.back().name + "\" twice");
    }
  }
  const auto cells = root.children("cells");
  for (std::size_t i = 0; i < cells.size(); ++i)
    read_against(cells[i], experiment, experiment.cells[i]);
}

}  // namespace

const std::vector<std::string>& plot_kinds() {
  static const std::vector<std::string> names{"calibration", "cost", "validation"};
  return names;
}

Config task_config(const Experiment& experiment, const std::string& pool_name) {
  const PoolRecipe& pool = experiment.pool(pool_name);
  std::string text = "{\"task\": " + json_quoted(experiment.task);
  if (pool.reader.empty()) text += ", \"environment\": " + pool.config;
  return Config::parse(text + "}", "pool " + pool_name);
}

const PoolRecipe& Experiment::pool(const std::string& pool_name) const {
  const auto found = std::ranges::find(pools, pool_name, &PoolRecipe::name);
  if (found != pools.end()) return *found;
  throw Error(name + ": pools: want one of " + join(names_of(pools), ", ") + ", have " + pool_name);
}

const CellRecipe& Experiment::cell(const std::string& cell_name) const {
  const auto found = std::ranges::find(cells, cell_name, &CellRecipe::name);
  if (found != cells.end()) return *found;
  throw Error(name + ": cells: want one of " + join(names_of(cells), ", ") + ", have " + cell_name);
}

bool Experiment::has_cell(const std::string& cell_name) const {
  return std::ranges::find(cells, cell_name, &CellRecipe::name) != cells.end();
}

bool Experiment::has_test(const std::string& test_name) const {
  return std::ranges::find(tests, test_name, &EpisodeRecipe::name) != tests.end();
}

Experiment load_experiment(const std::string& path, const std::vector<std::string>& overrides) {
  const boost::filesystem::path file(path);
  const Config root = read_root(path, overrides);
  Experiment experiment;
  experiment.name = file.stem().string();
  experiment.folder = file.parent_path().string();
  experiment.title = root.required_text("title", "of the table");
  experiment.claim = root.text("claim", "", "what the table is to show");
  experiment.task = root.text("task", kClassification, "family of all models and episodes");
  experiment.score = root.text("score", "", "column of the rows that its tables show");
  if (!experiment.score.empty() && !find_score_kind(experiment.score))
    throw UsageError(path + ": score: want one of " + join(score_names(), ", ") + ", have " +
                     experiment.score);
  read_episodes(root, experiment);
  for (const Config& node : root.children("published")) {
    experiment.published.push_back(read_published(node, experiment));
  }
  read_cells(root, experiment);
  for (const Config& node : root.children("published")) read_beside(node, experiment);
  if (root.has("faithfulness")) {
    experiment.faithfulness = read_faithfulness(root.child("faithfulness"), experiment);
  }
  experiment.plots = root.texts("plots", {}, "pictures to make with the tables");
  for (const auto& plot : experiment.plots)
    if (std::ranges::find(plot_kinds(), plot) == plot_kinds().end())
      unknown(root, "plots", plot_kinds(), plot);
  check_once(root, "plots", experiment.plots);
  experiment.ranks = root.text("ranks", "", "experiment whose ranking of cells is compared");
  if (!experiment.ranks.empty()) check_name(root, "ranks", experiment.ranks);
  if (experiment.cells.empty() || experiment.tests.empty()) {
    throw UsageError(path + ": want at least one cell and one test");
  }
  return experiment;
}

}  // namespace attune
