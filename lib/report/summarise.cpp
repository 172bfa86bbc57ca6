#include "report/summarise.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/pairs.hpp"
#include "report/tell_origins.hpp"
#include "statistics/interval.hpp"

namespace attune {

namespace {

using Names = std::vector<std::string>;

std::string seeds_text(const std::vector<Outcome>& outcomes, const std::string& cell) {
  std::map<std::string, std::size_t> count;
  for (const auto& outcome : outcomes) {
    if (outcome.cell == cell) ++count[outcome.test];
  }
  std::set<std::size_t> seeds;
  for (const auto& [test, number] : count) seeds.insert(number);
  const std::string most = std::to_string(*seeds.rbegin());
  return seeds.size() == 1 ? most : std::to_string(*seeds.begin()) + "–" + most;
}

// "omniglot:train+val" → pool and what of it was seen.
std::pair<std::string, std::string> parts_of(const std::string& trained_on) {
  const auto colon = trained_on.rfind(':');
  if (trained_on == "-" || colon == std::string::npos)
    return {trained_on == "-" ? "–" : trained_on, "–"};
  return {trained_on.substr(0, colon), trained_on.substr(colon + 1)};
}

// The pool's title, with its hash where the table has two of one title.
std::string pool_name(const std::string& title, const std::string& hash,
                      const std::vector<Outcome>& outcomes) {
  const auto differs = [&](const std::string& own) { return own != hash && own != "-"; };
  const auto other = [&](const Outcome& outcome) {
    if (!outcome.origin || hash == "-") return false;
    const Origin& origin = *outcome.origin;
    return (origin.tested_on == title && differs(origin.tested_pool)) ||
           (parts_of(outcome.trained_on).first == title && differs(origin.trained_pool));
  };
  return std::ranges::any_of(outcomes, other) ? title + " (" + hash + ")" : title;
}

// Pool of the cell and what of it the final model saw.
std::pair<std::string, std::string> training_of(const std::vector<Outcome>& outcomes,
                                                const std::string& cell) {
  std::string found, hash;
  for (const auto& outcome : outcomes) {
    if (outcome.cell != cell) continue;
    if (!found.empty() && found != outcome.trained_on) {
      throw Error("cell " + cell + ": want one training set for all its rows, have " + found +
                  " and " + outcome.trained_on);
    }
    found = outcome.trained_on;
    if (outcome.origin) hash = outcome.origin->trained_pool;
  }
  auto [pool, saw] = parts_of(found);
  if (found != "-" && !hash.empty()) pool = pool_name(pool, hash, outcomes);
  return {pool, saw};
}

void add_lines(Table& table, const Names& cells, const std::vector<Outcome>& outcomes) {
  for (const auto& cell : cells) {
    if (std::ranges::find(outcomes, cell, &Outcome::cell) == outcomes.end()) {
      table.notes.push_back(cell + ": no rows yet.");
      continue;
    }
    const auto [pool, saw] = training_of(outcomes, cell);
    Table::Line line;
    line.labels = {cell, pool, saw, seeds_text(outcomes, cell)};
    for (const auto& column : table.columns) {
      const auto seeds = seeds_of(outcomes, cell, column.name);
      line.values.push_back(seeds.empty() ? std::nullopt : std::optional(cell_estimate(seeds)));
    }
    table.lines.push_back(std::move(line));
  }
}

void add_published(Table& table, const Experiment& experiment) {
  for (std::size_t i = 0; i < experiment.published.size(); ++i) {
    const PublishedLine& published = experiment.published[i];
    const std::string mark = "[" + std::to_string(i + 1) + "]";
    Table::Line line;
    line.published = true;
    line.labels = {published.name + " " + mark, std::string(kPublished), published.saw, "–"};
    for (const auto& column : table.columns) {
      const auto value = published.values.find(column.name);
      line.values.push_back(value == published.values.end() ? std::nullopt
                                                            : std::optional(value->second));
    }
    table.lines.push_back(std::move(line));
    table.notes.push_back(mark + " published: " + published.source +
                          (published.protocol.empty() ? "" : ". " + published.protocol) + ".");
  }
}

// As the rows say, not the experiment.
std::string drawn_from(const std::string& test, const std::vector<Outcome>& outcomes) {
  const auto told = std::ranges::find_if(
      outcomes, [&](const Outcome& outcome) { return outcome.test == test && outcome.origin; });
  const bool simulated = !outcomes.empty() && outcomes.front().kind->name == "reward";
  if (told == outcomes.end()) return simulated ? "" : ", split not recorded";
  const Origin& origin = *told->origin;
  const std::string pool = pool_name(origin.tested_on, origin.tested_pool, outcomes);
  if (simulated || origin.split == "-") return ", on " + pool;
  return ", " + origin.split + (are_classifications(outcomes) ? " classes" : " split") + " of " +
         pool;
}

std::string test_note(const std::string& test, const std::vector<Outcome>& outcomes,
                      const Experiment* experiment) {
  const auto first = std::ranges::find(outcomes, test, &Outcome::test);
  std::set<std::size_t> counts;
  for (const auto& outcome : outcomes) {
    if (outcome.test == test) counts.insert(outcome.score.size());
  }
  std::string note = test + ": " + std::to_string(*counts.begin());
  if (counts.size() > 1) note += " to " + std::to_string(*counts.rbegin());
  note += " episodes, " + first->shape_text();
  note += drawn_from(test, outcomes);
  if (experiment && are_classifications(outcomes)) {
    const auto recipe = std::ranges::find(experiment->tests, test, &EpisodeRecipe::name);
    if (recipe->distinct_groups) note += ", planned: support and queries from different sources";
  }
  return note + "; episode file " + first->episode_file + ".";
}

// Rows that a full disk or an editor cut, where they have no end line that tells.
void add_missing_note(Table& table, const std::vector<Outcome>& outcomes,
                      const Experiment& experiment) {
  Names missing;
  for (const Outcome& outcome : outcomes) {
    const auto test = std::ranges::find(experiment.tests, outcome.test, &EpisodeRecipe::name);
    const auto cell = std::ranges::find(experiment.cells, outcome.cell, &CellRecipe::name);
    const std::int64_t planned =
        cell->episodes > 0 ? std::min(cell->episodes, test->episodes) : test->episodes;
    const auto have = static_cast<std::int64_t>(outcome.score.size());
    if (have >= planned) continue;
    missing.push_back(outcome.cell + ", seed " + std::to_string(outcome.seed) + ", " +
                      outcome.test + ": " + std::to_string(have) + " of " +
                      std::to_string(planned));
  }
  if (!missing.empty())
    table.notes.push_back("Fewer episodes than planned: " + join(missing, "; ") + ".");
}

}  // namespace

Estimate cell_estimate(const Seeds& seeds) {
  std::vector<double> values;
  for (const Outcome* outcome : seeds) {
    std::map<std::uint64_t, double> shown;
    for (const auto& [episode, score] : outcome->score) shown[episode] = outcome->shown(score);
    std::vector<double> sample = sample_of(*outcome, shown);
    if (seeds.size() == 1) {
      values = std::move(sample);
    } else {
      values.push_back(mean_interval(sample).mean);
    }
  }
  const Interval interval = mean_interval(values);
  Estimate estimate{interval.mean, {}};
  if (std::isfinite(interval.half_width)) estimate.half_width = interval.half_width;
  return estimate;
}

Table summarise(const std::vector<Outcome>& outcomes, const Experiment* experiment) {
  const auto [cells, tests] = layout_of(outcomes, experiment);
  Table table;
  if (experiment) {
    table.title = experiment->title;
    if (!experiment->claim.empty()) table.notes.push_back("Claim under test: " + experiment->claim);
  }
  table.labels = {"model", "trained on", "saw", "seeds"};
  const ScoreKind& kind = common_kind(outcomes);
  for (const auto& test : tests) table.columns.push_back({test, false, false, kind.decimals});
  table.notes.push_back(kind.title + ", mean ± half-width of the 95 % Student-t interval: over " +
                        (outcomes.empty() ? "episodes" : sample_name(outcomes.front())) +
                        " for one seed; over the seeds' means for several.");
  add_lines(table, cells, outcomes);
  mark_best(table, outcomes);
  if (experiment) add_published(table, *experiment);
  for (const auto& test : tests) {
    if (std::ranges::find(outcomes, test, &Outcome::test) != outcomes.end()) {
      table.notes.push_back(test_note(test, outcomes, experiment));
    }
  }
  if (experiment) add_missing_note(table, outcomes, *experiment);
  tell_origins(table, outcomes);
  return table;
}

}  // namespace attune
