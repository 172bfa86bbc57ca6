#include <algorithm>

#include "report/pairs.hpp"
#include "report/tell_origins.hpp"
#include "statistics/significance.hpp"

namespace attune {

namespace {

// One line of one column.
struct Entry {
  std::size_t line;
  Seeds seeds;
};

// The mean over the seeds; none unless all were validated alike, on the pool that the test is of.
std::optional<Validation> validation_of(const Seeds& seeds) {
  std::optional<Validation> mean;
  for (const Outcome* outcome : seeds) {
    if (!outcome->costs || !outcome->costs->own_pool || !outcome->costs->validation) return {};
    const Validation& own = *outcome->costs->validation;
    if (!mean) mean = Validation{own.metric, own.episodes, 0};
    if (own.metric != mean->metric || own.episodes != mean->episodes) return {};
    mean->score += own.score / static_cast<double>(seeds.size());
  }
  return mean;
}

// Null when none or not all of those validated can be compared.
const Entry* best_of(const std::vector<Entry>& entries) {
  const Entry* best = nullptr;
  Validation of_best;
  for (const Entry& entry : entries) {
    const auto own = validation_of(entry.seeds);
    if (!own) continue;
    if (best && (own->metric != of_best.metric || own->episodes != of_best.episodes)) {
      return nullptr;
    }
    const bool better =
        own->metric == "loss" ? own->score < of_best.score : own->score > of_best.score;
    if (best && !better) continue;
    best = &entry;
    of_best = *own;
  }
  return best;
}

std::vector<Entry> entries_of(const Table& table, const std::vector<Outcome>& outcomes,
                              const std::string& test) {
  std::vector<Entry> entries;
  for (std::size_t line = 0; line < table.lines.size(); ++line) {
    const std::string& cell = table.lines[line].labels.front();
    if (table.lines[line].published || saw_any_test(outcomes, cell)) continue;
    Seeds seeds = seeds_of(outcomes, cell, test);
    if (!seeds.empty()) entries.push_back({line, std::move(seeds)});
  }
  return entries;
}

struct Rival {
  std::size_t line, column;
};

}  // namespace

void mark_best(Table& table, const std::vector<Outcome>& outcomes) {
  std::vector<Rival> rivals;
  std::vector<Pairing> pairings;  // of the best with each
  const auto mark = [&](std::size_t line, std::size_t column) {
    table.lines[line].bold.resize(table.columns.size());
    table.lines[line].bold[column] = true;
  };
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    const auto entries = entries_of(table, outcomes, table.columns[column].name);
    const Entry* best = entries.size() < 2 ? nullptr : best_of(entries);
    if (!best) continue;
    mark(best->line, column);
    for (const Entry& entry : entries) {
      auto pairing = &entry == best ? std::nullopt : pair_up(best->seeds, entry.seeds);
      if (!pairing) continue;
      rivals.push_back({entry.line, column});
      pairings.push_back(std::move(*pairing));
    }
  }
  if (rivals.empty()) return;
  const auto adjusted = holm(p_values(pairings));
  for (std::size_t i = 0; i < rivals.size(); ++i) {
    if (adjusted[i] >= 0.05 || pairings[i].interval.mean <= 0)
      mark(rivals[i].line, rivals[i].column);
  }
  table.notes.push_back(
      "Bold: the row that validation ranks first among those trained on the test's own data set, "
      "and all not significantly worse on the same episodes (Holm over " +
      std::to_string(rivals.size()) + " comparisons, 5 %).");
}

}  // namespace attune
