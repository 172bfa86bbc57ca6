#include "report/compare.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "report/alike.hpp"
#include "report/pairs.hpp"
#include "report/summarise.hpp"
#include "report/tell_origins.hpp"

namespace attune {

namespace {

using Key = std::pair<std::string, std::string>;  // cell, test

// Cells in the order of the rows, each with its seeds in ascending order.
std::vector<std::pair<Key, Seeds>> by_cell(const std::vector<Outcome>& outcomes) {
  std::vector<std::pair<Key, Seeds>> cells;
  for (const auto& outcome : outcomes) {
    const Key key{outcome.cell, outcome.test};
    auto found = std::ranges::find(cells, key, [](const auto& cell) { return cell.first; });
    if (found == cells.end()) found = cells.insert(cells.end(), {key, {}});
    found->second.push_back(&outcome);
  }
  for (auto& [key, seeds] : cells) std::ranges::sort(seeds, {}, &Outcome::seed);
  return cells;
}

struct Difference {
  Estimate estimate;
  std::string by;
};

Difference plain(const Estimate& now, const Estimate& before, const std::string& why) {
  return {{now.mean - before.mean, {}}, "plain: " + why};
}

Difference difference(const Seeds& now, const Seeds& before) {
  const Estimate new_mean = cell_estimate(now), old_mean = cell_estimate(before);
  if (now.front()->episode_file != before.front()->episode_file) {
    return plain(new_mean, old_mean, "other episodes");
  }
  const auto pairing = pair_up(now, before);
  if (!pairing) return plain(new_mean, old_mean, "no common seed and episodes");
  return {{pairing->interval.mean, pairing->interval.half_width},
          "paired: " + std::to_string(pairing->differences.size()) +
              (pairing->over_seeds ? " seeds" : " " + pairing->over)};
}

std::string mode_of(const Seeds& seeds) {
  for (const Outcome* outcome : seeds)
    if (outcome->origin) return outcome->origin->mode;
  return "";
}

// What the line's label, which tells the new side's mode, does not.
std::string other_mode(const std::string& now, const std::string& before) {
  return now == before || now.empty() || before.empty() ? "" : "; old " + before + ", new " + now;
}

// Without the scores: what is told of the lines of a comparison.
std::vector<Outcome> told(const std::vector<Outcome>& now, const std::vector<Outcome>& before) {
  std::vector<Outcome> all;
  const auto add = [&](const Outcome& outcome) {
    all.emplace_back();
    all.back().cell = outcome.cell;
    all.back().trained_on = outcome.trained_on;
    all.back().test = outcome.test;
    all.back().seed = outcome.seed;
    all.back().kind = outcome.kind;
    all.back().origin = outcome.origin;
  };
  for (const Outcome& outcome : now) add(outcome);
  for (const Outcome& outcome : before)
    if (std::ranges::find(now, outcome.cell, &Outcome::cell) == now.end()) add(outcome);
  return all;
}

// The old table's name of a cell, which may have marks; "" where it has none.
using OldValues = std::map<Key, Estimate>;
std::string old_name(const OldValues& values, const Key& key) {
  if (values.contains(key)) return key.first;
  for (const auto& [old, value] : values)
    if (old.second == key.second && bare_name(old.first) == key.first) return old.first;
  return "";
}

Table empty_comparison(const ScoreKind& kind) {
  Table table;
  table.labels = {"model", "test", "difference by"};
  table.columns = {{"old", false, false, kind.decimals},
                   {"new", false, false, kind.decimals},
                   {"difference", true, false, kind.decimals}};
  table.notes = {kind.title +
                 " ± half-width of the 95 % Student-t interval; difference = new − old."};
  return table;
}

void add_line(Table& table, const Key& key, const std::optional<Estimate>& before,
              const std::optional<Estimate>& now, const std::optional<Difference>& change) {
  Table::Line line;
  line.labels = {key.first, key.second, change ? change->by : (now ? "only new" : "only old")};
  line.values = {before, now, change ? std::optional(change->estimate) : std::nullopt};
  table.lines.push_back(std::move(line));
}

}  // namespace

Table compare(const std::vector<Outcome>& now, const std::vector<Outcome>& before) {
  check_same_episodes(now);
  check_same_episodes(before);
  const auto old_cells = by_cell(before), new_cells = by_cell(now);
  const auto key_of = [](const auto& cell) { return cell.first; };
  Table table = empty_comparison(common_kind(now));
  for (const auto& [key, seeds] : new_cells) {
    const auto old = std::ranges::find(old_cells, key, key_of);
    if (old == old_cells.end()) {
      add_line(table, key, std::nullopt, cell_estimate(seeds), std::nullopt);
    } else {
      Difference change = difference(seeds, old->second);
      change.by += other_mode(mode_of(seeds), mode_of(old->second));
      add_line(table, key, cell_estimate(old->second), cell_estimate(seeds), change);
    }
  }
  for (const auto& [key, seeds] : old_cells) {
    if (std::ranges::find(new_cells, key, key_of) != new_cells.end()) continue;
    add_line(table, key, cell_estimate(seeds), std::nullopt, std::nullopt);
  }
  tell_origins(table, told(now, before));
  return table;
}

Table compare(const std::vector<Outcome>& now, const Table& before) {
  check_same_episodes(now);
  const auto model = before.label("model"), training = before.label("trained on");
  if (!model) throw Error("old table: want a column \"model\", have none");
  OldValues old_values;
  std::vector<Key> old_order;
  for (const auto& line : before.lines) {
    if (training && line.labels[*training] == kPublished) continue;
    for (std::size_t i = 0; i < before.columns.size(); ++i) {
      if (!line.values[i]) continue;
      const Key key{line.labels[*model], before.columns[i].name};
      if (!old_values.emplace(key, *line.values[i]).second) {
        throw Error("old table: model " + key.first + ": want one line, have two");
      }
      old_order.push_back(key);
    }
  }
  Table table = empty_comparison(common_kind(now));
  std::map<Key, bool> seen;
  for (const auto& [key, seeds] : by_cell(now)) {
    const Estimate mean = cell_estimate(seeds);
    const Key old{old_name(old_values, key), key.second};
    seen[old] = true;
    if (old.first.empty()) {
      add_line(table, key, std::nullopt, mean, std::nullopt);
      continue;
    }
    const Estimate& before_mean = old_values.at(old);
    Difference change = plain(mean, before_mean, "old side is a table");
    const std::string mark = old.first.substr(std::min(key.first.size(), old.first.size()));
    for (const char* mode : {"transductive", "inductive"})
      if (mark.find(mode) == 2) change.by += other_mode(mode_of(seeds), mode);
    add_line(table, key, before_mean, mean, change);
  }
  for (const auto& key : old_order) {
    if (!seen.contains(key)) add_line(table, key, old_values.at(key), std::nullopt, std::nullopt);
  }
  tell_origins(table, told(now, {}));
  return table;
}

}  // namespace attune
