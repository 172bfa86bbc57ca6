#include "report/faithfulness_table.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/alike.hpp"
#include "report/measures.hpp"
#include "report/outcomes.hpp"
#include "report/tell_origins.hpp"
#include "statistics/interval.hpp"

namespace attune {
namespace {

using Episodes = std::map<std::uint64_t, double>;
using Measures = std::map<std::string, Episodes>;  // of one cell and seed
struct Cell {
  std::string name;
  std::map<std::int64_t, Measures> seeds;
};

Cell& find(std::vector<Cell>& cells, const std::string& name) {
  const auto found = std::ranges::find(cells, name, &Cell::name);
  if (found != cells.end()) return *found;
  cells.push_back({name, {}});
  return cells.back();
}

// gather_outcomes has looked at labels and numbers: one model per cell and seed, every episode
// once.
std::vector<Cell> gather(const std::vector<Rows>& files, const Experiment* experiment) {
  std::vector<Cell> cells;
  if (experiment)
    for (const auto& cell : experiment->cells) cells.push_back({cell.name, {}});
  const std::size_t known = cells.size();
  for (const Rows& rows : files) {
    const std::size_t cell = rows.column("cell"), seed = rows.column("seed"),
                      episode = rows.column("episode");
    const auto scores = score_columns(rows);
    for (std::size_t i = 0; i < rows.lines.size(); ++i) {
      const auto& line = rows.lines[i];
      const std::string where = rows.origin + ": line " + std::to_string(i + 2) + ": ";
      Measures& measures = find(cells, line[cell]).seeds[parse_integer(line[seed], where + "seed")];
      const auto number =
          static_cast<std::uint64_t>(parse_integer(line[episode], where + "episode"));
      for (const std::size_t c : scores)
        measures[rows.columns[c]][number] = real_number(line[c], where + rows.columns[c]);
    }
  }
  if (experiment && cells.size() > known)
    throw Error("rows: want cells of experiment " + experiment->name + ", have " +
                cells.back().name);
  std::erase_if(cells, [](const Cell& cell) { return cell.seeds.empty(); });
  return cells;
}

// A number of each episode: sum of factor × measure.
struct Column {
  std::string name;
  bool difference;
  std::vector<std::pair<double, std::string>> terms;
};

const Column kGain{"gain over random", true, {{100, "auc_random"}, {-100, "auc_attention"}}};

const std::vector<Column>& columns() {
  static const std::vector<Column> list{
      {"accuracy", false, {{100, "accuracy"}}},
      {"items", false, {{1, "effective"}}},
      {"area", false, {{100, "auc_attention"}}},
      kGain,
      {"gain over class", true, {{100, "auc_class"}, {-100, "auc_attention"}}},
      {"top item", true, {{100, "delete_any"}, {-100, "delete_top"}}},
      {"top label", true, {{100, "swap_any"}, {-100, "swap_top"}}},
      {"τ without", false, {{1, "tau_removal"}}},
      {"τ swapped", false, {{1, "tau_swap"}}},
      {"gain, learned",
       true,
       {{100, "auc_random"},
        {-100, "auc_attention"},
        {-100, "random_auc_random"},
        {100, "random_auc_attention"}}},
      {"τ without, learned", true, {{1, "tau_removal"}, {-1, "random_tau_removal"}}},
      {"τ to random", false, {{1, "tau_random"}}}};
  return list;
}

std::vector<double> values(const Measures& measures, const Column& column) {
  std::vector<double> result;
  for (const auto& [factor, name] : column.terms) {
    const auto found = measures.find(name);
    if (found == measures.end())
      throw Error("rows: want a column " + name + " as attune-probe writes, " + "have none");
    result.resize(found->second.size());
    std::size_t i = 0;
    for (const auto& [episode, value] : found->second) result[i++] += factor * value;
  }
  return result;
}

Estimate estimate(const std::vector<std::vector<double>>& seeds) {
  std::vector<double> means;
  for (const auto& episodes : seeds) means.push_back(mean_interval(episodes).mean);
  const Interval interval = mean_interval(seeds.size() == 1 ? seeds.front() : means);
  Estimate result{interval.mean, {}};
  if (std::isfinite(interval.half_width)) result.half_width = interval.half_width;
  return result;
}

// Gain less the control's, episode by episode, seed by seed; the control's only seed serves all.
std::optional<Estimate> against(const Cell& cell, const Cell& control) {
  std::vector<std::vector<double>> seeds;
  for (const auto& [seed, measures] : cell.seeds) {
    const auto same = control.seeds.find(seed);
    if (same == control.seeds.end() && control.seeds.size() > 1) continue;
    const Measures& other =
        same == control.seeds.end() ? control.seeds.begin()->second : same->second;
    const auto mine = values(measures, kGain), its = values(other, kGain);
    if (mine.size() != its.size()) continue;
    seeds.emplace_back();
    for (std::size_t i = 0; i < mine.size(); ++i) seeds.back().push_back(mine[i] - its[i]);
  }
  if (seeds.empty() || cell.name == control.name) return std::nullopt;
  return estimate(seeds);
}

void add_notes(Table& table, const Outcome& first, const std::string& control) {
  table.notes = {
      "Whether attention says what the answer depends on: mean ± half-width of the 95 % Student-t "
      "interval, over episodes for one seed, over the seeds' means for several; differences are "
      "paired in each episode. Accuracies, areas and their differences in percent.",
      "items: support items attended to (exp of the entropy). area: under accuracy while support "
      "items are deleted, most attended first, one of each class staying; lower is more faithful.",
      "gain over random: how much lower that area is than for a random order, which is also the "
      "order of uniform attention; gain over class: than for the items of the predicted class "
      "first, in random order (uniform attention within the answer).",
      "top item, top label: how much more accuracy falls when the most attended item is deleted, "
      "or its label swapped, than for any one item.",
      "τ: Kendall's τ-b of the weights with how far the answer moves (total variation) without "
      "each item, or with its label swapped.",
      "learned: less the same with weights drawn anew (randomised model); τ to random: of the "
      "weights with that model's."};
  if (!control.empty())
    table.notes.push_back("gain over " + control + ": gain over random less that of " + control +
                          " on the same episodes.");
  table.notes.push_back(first.test + ": " + std::to_string(first.score.size()) + " episodes, " +
                        first.shape_text() + "; episode file " + first.episode_file + ".");
}

}  // namespace

Table faithfulness_table(const std::vector<Rows>& files, const Experiment* experiment) {
  const std::vector<Outcome> outcomes = gather_outcomes(files);
  if (outcomes.empty()) throw Error("rows: want at least one row, have none");
  check_same_episodes(outcomes);
  if (experiment) check_planned(outcomes, *experiment, false);
  for (const Outcome& outcome : outcomes)
    if (outcome.test != outcomes.front().test)
      throw Error("rows: want one test, have " + outcomes.front().test + " and " + outcome.test);
  const std::vector<Cell> cells = gather(files, experiment);
  const bool controlled = experiment && experiment->faithfulness;
  const std::string control = controlled ? experiment->faithfulness->control : "";
  const auto other = std::ranges::find(cells, control, &Cell::name);
  if (!control.empty() && other == cells.end())
    throw Error("rows: want the control cell " + control + ", have none of it");

  Table table;
  if (experiment) table.title = experiment->title + " – is the attention faithful?";
  table.labels = {"model", "seeds"};
  for (const Column& column : columns()) {
    table.columns.emplace_back();
    table.columns.back().name = column.name;
    table.columns.back().is_difference = column.difference;
  }
  if (!control.empty()) {
    table.columns.emplace_back();
    table.columns.back().name = "gain over " + control;
    table.columns.back().is_difference = true;
  }
  for (const Cell& cell : cells) {
    Table::Line line;
    line.labels = {cell.name, std::to_string(cell.seeds.size())};
    for (const Column& column : columns()) {
      std::vector<std::vector<double>> seeds;
      for (const auto& [seed, measures] : cell.seeds) seeds.push_back(values(measures, column));
      line.values.push_back(estimate(seeds));
    }
    if (!control.empty()) line.values.push_back(against(cell, *other));
    table.lines.push_back(std::move(line));
  }
  add_notes(table, outcomes.front(), control);
  tell_origins(table, outcomes);
  return table;
}

}  // namespace attune
